// Reordering with a pointer: a section goes, with its deeper ones, to the nearest place in its message that takes it.

import { element } from "../run_view/parts.js";

const FAR_ENOUGH = 4;

/** A mouse may take a row anywhere; a finger takes its grip, and scrolls the page elsewhere. */
export function listenForDrag(view) {
  view.tree.addEventListener("pointerdown", (event) => {
    const row = event.target.closest(".row");
    if (!row || event.button !== 0 || !row.place.part.level || view.busy) return;
    if (event.target.closest("button, input")) return;
    if (event.pointerType !== "mouse" && !event.target.closest(".grip")) return;
    new Drag(view, row, event);
  });
}

class Drag {
  constructor(view, row, event) {
    view.busy = true;
    this.view = view;
    this.row = row;
    this.from = event.clientY;
    this.line = null;
    this.place = null;
    this.ending = new AbortController();
    const until = { signal: AbortSignal.any([this.ending.signal, view.leaving.signal]) };
    this.pointer = event.pointerId;
    window.addEventListener("pointermove", (moved) => this.move(moved.clientY), until);
    window.addEventListener("pointerup", () => this.end(true), until);
    window.addEventListener("pointercancel", () => this.end(false), until);
    window.addEventListener("keydown", (pressed) => this.key(pressed), { ...until, capture: true });
  }

  key(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.end(false);
  }

  move(y) {
    if (!this.line && Math.abs(y - this.from) < FAR_ENOUGH) return;
    if (!this.line) this.begin();
    const near = (one, other) => (Math.abs(other.y - y) < Math.abs(one.y - y) ? other : one);
    this.place = placesFor(this.view, this.row).reduce(near);
    const top = this.place.y - this.view.tree.getBoundingClientRect().top;
    this.line.style.transform = `translateY(${top}px)`;
    this.line.hidden = this.place.before === null;
  }

  /** Only now is the pointer taken: a double click is the title's. */
  begin() {
    this.row.setPointerCapture(this.pointer);
    this.line = element("div", "line");
    this.line.style.setProperty("--level", this.row.style.getPropertyValue("--level"));
    this.view.tree.append(this.line);
    const { message, at, end } = this.row.place;
    for (const row of this.view.rows()) {
      const { place } = row;
      row.classList.toggle("dragged", place.message === message && place.at >= at && place.at < end);
    }
  }

  end(kept) {
    this.ending.abort();
    const before = kept ? (this.place?.before ?? null) : null;
    this.view.free(this.line !== null);
    if (before !== null) this.view.move(this.row, before);
  }
}

/**
 * Where a section may be put: `before` is the id of the section that it then precedes, "" at the end of the message,
 * null where it stands already.
 */
function placesFor(view, row) {
  const { message, part, at, end } = row.place;
  const rows = view.rows().filter(({ place }) => place.message === message);
  const found = rows
    .filter(({ place }) => place.part.level && place.part.level <= part.level)
    .map((other) => ({ at: other.place.at, id: other.place.part.id, y: other.getBoundingClientRect().top }));
  if (!message.cut) found.push({ at: message.parts.length, id: "", y: rows.at(-1).getBoundingClientRect().bottom });
  const stays = (place) => place.at >= at && place.at <= end;
  return found.map((place) => ({ y: place.y, before: stays(place) ? null : place.id }));
}
