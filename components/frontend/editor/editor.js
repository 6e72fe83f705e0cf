// The field of a template: a textarea, with a coloured copy of its text behind it.

import { Field } from "./field.js";

const FIELDS = new Map();

/** Shows or updates the field of a component. */
export function show({ parentElement: root, data, setStateValue }) {
  listen(root.ownerDocument.defaultView);
  if (!FIELDS.get(root)?.area.isConnected) {
    leave(root);
    FIELDS.set(root, new Field(root.querySelector(".template-editor")));
  }
  FIELDS.get(root).take(data, (edit) => setStateValue("edit", edit));
}

/** Forgets the field of a component that has left the page. */
export function leave(root) {
  FIELDS.get(root)?.leave();
  FIELDS.delete(root);
}

let listens = false;

/** Whatever runs the chain is to find the last edit: before all others that hear of a press, the fields send theirs. */
function listen(page) {
  if (listens) return;
  listens = true;
  const send = () => FIELDS.forEach((field) => field.send());
  page.addEventListener("keydown", ({ key, ctrlKey, metaKey }) => key === "Enter" && (ctrlKey || metaKey) && send(), true);
  for (const type of ["pointerdown", "click"]) page.addEventListener(type, send, true);
}
