// A list of names below the caret: arrow keys choose, Enter or a click takes one, Escape closes.

/** The list of one field. `take` is called with the name that was chosen and the offer that it was in. */
export class Popup {
  constructor(field, id, take) {
    this.field = field;
    this.take = take;
    this.list = field.ownerDocument.createElement("ul");
    this.list.id = id;
    this.list.className = "offered";
    this.list.popover = "manual";
    this.list.setAttribute("role", "listbox");
    // The field keeps the focus, and so the caret.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("li")));
    field.after(this.list);
    // A text area is a text box and nothing else: no `combobox`, and so no `aria-expanded`.
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-haspopup", "listbox");
  }

  get isOpen() {
    return this.list.matches(":popover-open");
  }

  /** Shows an offer at a rectangle of the page. A name that is begun is chosen, so that Enter takes it. */
  show(offer, rect) {
    this.offer = offer;
    this.list.replaceChildren(...offer.names.map((name, index) => this.option(name, index)));
    if (!this.isOpen) {
      this.list.showPopover();
      this.field.setAttribute("aria-controls", this.list.id);
    }
    this.place(rect);
    this.mark(offer.typed ? 0 : -1);
  }

  close() {
    if (!this.isOpen) return;
    this.list.hidePopover();
    for (const name of ["aria-controls", "aria-activedescendant"]) this.field.removeAttribute(name);
  }

  /** Whether a key was meant for the list. */
  key(event) {
    if (!this.isOpen || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
    const count = this.list.children.length;
    if (event.key === "ArrowDown") this.mark((this.marked + 1) % count);
    else if (event.key === "ArrowUp") this.mark((Math.max(this.marked, 0) + count - 1) % count);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && this.marked >= 0 && !event.shiftKey) this.choose(this.list.children[this.marked]);
    else return false;
    return true;
  }

  choose(option) {
    if (!option) return;
    const { offer } = this;
    this.close();
    this.take(option.textContent, offer);
  }

  option(name, index) {
    const option = this.field.ownerDocument.createElement("li");
    option.id = `${this.list.id}-${index}`;
    option.setAttribute("role", "option");
    option.textContent = name;
    return option;
  }

  mark(index) {
    this.marked = index;
    for (const [number, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(number === index));
    }
    const option = this.list.children[index];
    if (!option) {
      this.field.removeAttribute("aria-activedescendant");
      return;
    }
    this.field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  /** Below the caret, above it where there is no room, and never beyond the window. */
  place({ left, top, bottom }) {
    const { innerWidth, innerHeight } = this.field.ownerDocument.defaultView;
    const { offsetWidth: width, offsetHeight: height } = this.list;
    const fits = bottom + height + 4 <= innerHeight || top - height - 4 < 0;
    this.list.style.left = `${Math.max(4, Math.min(left, innerWidth - width - 4))}px`;
    this.list.style.top = `${fits ? bottom + 4 : top - height - 4}px`;
  }
}
