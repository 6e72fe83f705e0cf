// An address to be taken along: a field that is read only, and a button that copies it.

import { copyText } from "./run_view/browser.js";
import { element } from "./run_view/parts.js";

/** Shows `data.link` in the component's root; `label`, `copy` and `copied` are its words. */
export function show({ parentElement: root, data }) {
  const row = element("div", "copy-link");
  const field = element("input", "link");
  field.readOnly = true;
  field.value = data.link;
  field.dataset.testid = "share-link";
  field.setAttribute("aria-label", data.label);
  field.addEventListener("focus", () => field.select());
  const button = element("button", "", data.copy);
  button.type = "button";
  const told = element("span", "told");
  told.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    await copyText(data.link, row);
    told.textContent = data.copied;
  });
  row.append(field, button, told);
  root.querySelector(".copy-link")?.remove();
  root.append(row);
}
