// A section's title, written anew in its place.

import { fill } from "../run_view/format.js";

const MOST_CHARACTERS = 500;

/** Opens the field; Enter and leaving it keep what was written, Escape does not. */
export function rename(view, row) {
  const { message, part } = row.place;
  if (!part.level || view.busy) return;
  view.busy = true;
  const field = document.createElement("input");
  field.value = part.title;
  field.maxLength = Math.max(MOST_CHARACTERS, part.title.length);
  field.setAttribute("aria-label", fill(view.data.words.new_title, { title: part.name }));
  row.querySelector(".title").replaceChildren(field);
  field.select();
  field.focus();

  let ended = false;
  const end = (kept) => {
    if (ended) return;
    ended = true;
    const isFocused = field.getRootNode().activeElement === field;
    const title = field.value;
    if (isFocused) row.focus();
    view.free(true);
    if (kept && title !== part.title) view.send({ op: "rename", row: message.row, id: part.id, title });
  };
  field.addEventListener("keydown", (event) => {
    // An Enter that only ends the composition of a syllable is none.
    if (event.isComposing) return;
    if (event.key === "Enter") end(true);
    else if (event.key === "Escape") end(false);
    else return;
    if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
    event.preventDefault();
  });
  field.addEventListener("blur", () => end(true));
}
