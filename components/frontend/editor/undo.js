// Changes that the script makes to a field, made so that a person can undo them.

const MOST_LINES = 200;

/** The script's changes to one field. `changed` is called when one was undone or made again. */
export class Undo {
  constructor(area, changed) {
    this.area = area;
    this.page = area.ownerDocument;
    this.changed = changed;
    this.last = null;
    area.addEventListener("keydown", (event) => this.key(event));
  }

  /**
   * Puts `text` in place of the characters from `start` to `end`: as if it was typed, where that disturbs nobody who types
   * elsewhere and is quick. (Chromium takes a millisecond a line.) Else the field forgets what was typed before, but
   * knows this change.
   */
  put({ start, end, text }) {
    const { area } = this;
    const from = area.value;
    const to = from.slice(0, start) + text + from.slice(end);
    const isShort = lines(text) <= MOST_LINES && lines(from.slice(start, end)) <= MOST_LINES;
    if (isShort && this.type(start, end, text) && area.value === to) return;
    area.value = to;
    this.last = { from, to };
  }

  /** Writes over a range as a person would; false when another field has the focus. */
  type(start, end, text) {
    const { area, page } = this;
    const focused = active(page);
    if (focused !== area && focused.matches("input, textarea, select, iframe, [contenteditable]")) return false;
    if (focused !== area) area.focus({ preventScroll: true });
    area.setSelectionRange(start, end);
    page.execCommand(text ? "insertText" : "delete", false, text);
    if (focused !== area) {
      area.blur();
      focused.focus({ preventScroll: true });
    }
    return true;
  }

  key(event) {
    const key = event.key.toLowerCase();
    if (!this.last || event.isComposing || event.altKey || !(event.ctrlKey || event.metaKey)) return;
    const isAgain = key === "y" || (key === "z" && event.shiftKey);
    if (!isAgain && key !== "z") return;
    const [here, there] = isAgain ? [this.last.from, this.last.to] : [this.last.to, this.last.from];
    if (this.area.value !== here) return;
    event.preventDefault();
    this.area.value = there;
    this.changed();
  }
}

function lines(text) {
  return text.split("\n").length;
}

/** What has the focus, in whichever shadow. */
function active(page) {
  let focused = page.activeElement ?? page.body;
  while (focused.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused;
}
