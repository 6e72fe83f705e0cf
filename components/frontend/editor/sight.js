// Which part of a text is in sight. On a line of very many pieces those alone are coloured: Chromium lays out all pieces of
// a line anew at each keystroke.

const FIRST = 4_000;
const SHORT = 200;

/** The characters `from` to `to` of the text in `backdrop`, which scrolls in `frame`. `changed` is called when they do. */
export class Sight {
  constructor(frame, backdrop, changed) {
    Object.assign(this, { frame, backdrop, changed, from: 0, to: FIRST, length: 0, waits: 0 });
    this.page = frame.ownerDocument.defaultView;
    frame.addEventListener("scroll", () => this.look());
    this.resized = new ResizeObserver(() => this.look());
    this.resized.observe(frame);
  }

  /** The text is `length` characters long, and was edited at `caret`. */
  edited(length, caret) {
    const more = length - this.length;
    this.length = length;
    if (Math.abs(more) <= SHORT && caret >= this.from && caret <= this.to + more) this.to += more;
    else this.look();
  }

  look() {
    this.waits ||= this.page.requestAnimationFrame(() => {
      this.waits = 0;
      this.settle();
    });
  }

  rest() {
    this.resized.disconnect();
    this.page.cancelAnimationFrame(this.waits);
  }

  settle() {
    if (!this.backdrop.isCrowded) return;
    const { top, bottom } = this.frame.getBoundingClientRect();
    const [from, to] = [this.at(top), this.at(bottom)];
    if (from >= this.from && to <= this.to) return;
    const beyond = (to - from) >> 1;
    this.from = from - beyond;
    this.to = to + beyond;
    this.changed();
  }

  /** The first character that is not above `y`. */
  at(y) {
    let [first, last] = [0, this.length];
    while (first < last) {
      const middle = (first + last) >> 1;
      if (this.backdrop.rect(middle).bottom < y) first = middle + 1;
      else last = middle;
    }
    return first;
  }
}
