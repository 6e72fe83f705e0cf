// What a screen reader is told without being asked, once the keys rest.

const REST_MS = 1000;

/** Speaks through a region of its own in `element`. */
export class Voice {
  constructor(element) {
    const page = element.ownerDocument;
    this.page = page.defaultView;
    this.region = page.createElement("div");
    this.region.className = "said";
    this.region.setAttribute("role", "status");
    element.append(this.region);
    this.known = null;
    this.waits = 0;
  }

  /** Says `text`, where that is another than before. What stands there at first is no news. */
  tell(text) {
    if (text === this.known) return;
    const isNews = this.known !== null;
    this.known = text;
    if (isNews) this.wait();
  }

  /** Says it at once. */
  say(text) {
    this.region.textContent = text;
  }

  /** A key was pressed: what waits to be said waits longer. */
  typed() {
    if (this.waits) this.wait();
  }

  rest() {
    this.page.clearTimeout(this.waits);
    this.waits = 0;
  }

  wait() {
    this.rest();
    this.waits = this.page.setTimeout(() => {
      this.waits = 0;
      this.say(this.known);
    }, REST_MS);
  }
}
