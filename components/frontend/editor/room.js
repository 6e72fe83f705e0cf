// How much text a field takes. What is refused the page says (`run_key.js`).

import { characters, inserted, isOver, shortened } from "./text/limit.js";

/** The room of one field: `most` characters. */
export class Room {
  constructor(area) {
    this.area = area;
    this.most = Infinity;
  }

  /** An insertion that would make the text too long does nothing. */
  limit(event) {
    const text = inserted(event);
    if (text && !this.fits(text, this.area.selectionStart, this.area.selectionEnd)) event.preventDefault();
  }

  /** Whether there is room for `text` in place of what stands between; the page says it where there is none. */
  fits(text, start, end) {
    const { value } = this.area;
    const wanted = value.slice(0, start) + text + value.slice(end);
    const isRoom = !isOver(wanted, this.most);
    if (!isRoom) this.refuse("dropped", wanted);
    return isRoom;
  }

  /** A composition cannot be refused: the change that takes away behind it what it made too much; null where it fits. */
  surplus() {
    const { value, selectionEnd: caret } = this.area;
    if (!isOver(value, this.most)) return null;
    const kept = shortened(value.slice(0, caret), characters(value) - this.most);
    this.refuse("cut", value);
    return { start: kept.length, end: caret, text: "" };
  }

  refuse(what, text) {
    const detail = { what, length: characters(text) };
    this.area.dispatchEvent(new CustomEvent("overlong", { bubbles: true, detail }));
  }
}
