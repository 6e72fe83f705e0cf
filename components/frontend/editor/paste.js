// The paste whose braces become text.

/** The key before a paste into `area`: Ctrl+Shift+L. `insert` is given the clipboard's text, `say` what to do next. */
export class LiteralPaste {
  constructor(area, insert, say) {
    Object.assign(this, { area, insert, say, waits: false });
    area.setAttribute("aria-keyshortcuts", "Control+Shift+L");
    area.addEventListener("keydown", (event) => this.key(event));
    area.addEventListener("paste", (event) => this.pasted(event));
    area.addEventListener("blur", () => area.ownerDocument.activeElement !== area && this.end());
  }

  key(event) {
    if (this.waits && event.key === "Escape") this.end();
    else if (!isOurs(event)) return;
    else this.begin();
    event.preventDefault();
    event.stopPropagation();
  }

  /** Where no script may read the clipboard, the person's own paste does it. */
  async begin() {
    this.waits = true;
    try {
      const text = await this.area.ownerDocument.defaultView.navigator.clipboard.readText();
      if (this.waits) this.take(text);
    } catch {
      if (this.waits) this.say(true);
    }
  }

  pasted(event) {
    if (!this.waits) return;
    event.preventDefault();
    this.take(event.clipboardData.getData("text/plain"));
  }

  take(text) {
    this.end();
    if (text) this.insert(text);
  }

  end() {
    this.waits = false;
    this.say(false);
  }
}

/** Where the keyboard has no Latin letters the place of the key counts. */
function isOurs({ key, code, shiftKey, altKey, ctrlKey, metaKey, isComposing }) {
  const isL = /^[a-z]$/i.test(key) ? key.toLowerCase() === "l" : code === "KeyL";
  return isL && shiftKey && !altKey && (ctrlKey || metaKey) && !isComposing;
}
