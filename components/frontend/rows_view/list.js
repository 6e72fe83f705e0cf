// A list of any length of which only the rows in view exist. One of them may be open: then it is higher than the others.

const OVERSCAN = 4;

export class List {
  /** `make()` gives a row's element, `draw(row, position, isOpen)` fills it, `chosen(position)` hears what was opened. */
  constructor({ make, draw, chosen }) {
    this.make = make;
    this.fill = draw;
    this.chosen = chosen;
    this.count = 0;
    this.open = null;
    this.active = 0;
    this.rows = new Map(); // position → element
    this.spare = [];
    this.frame = 0;
    this.root = document.createElement("div");
    this.root.className = "list";
    this.root.tabIndex = 0;
    this.root.setAttribute("role", "grid");
    this.sizer = document.createElement("div");
    this.sizer.className = "sizer";
    this.sizer.setAttribute("role", "rowgroup");
    this.root.append(this.sizer);
    this.root.addEventListener("scroll", () => this.soon(), { passive: true });
    this.root.addEventListener("click", (event) => this.click(event));
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.watch = new ResizeObserver(() => this.soon());
    this.watch.observe(this.root);
  }

  label(text) {
    this.root.setAttribute("aria-label", text);
  }

  leave() {
    this.watch.disconnect();
    cancelAnimationFrame(this.frame);
  }

  soon() {
    this.frame ||= requestAnimationFrame(() => this.draw(this.count));
  }

  /** Draws what is in view of `count` rows. */
  draw(count) {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.count = count;
    this.active = Math.min(this.active, Math.max(0, count - 1));
    this.measure();
    this.root.setAttribute("aria-rowcount", count);
    this.sizer.style.height = `${this.top(count)}px`;
    const first = Math.max(0, this.at(this.root.scrollTop) - OVERSCAN);
    const last = Math.min(count - 1, this.at(this.root.scrollTop + this.root.clientHeight) + OVERSCAN);
    for (const [position, row] of this.rows) {
      if (position < first || position > last) this.drop(position, row);
    }
    for (let position = first; position <= last; position++) this.place(position);
  }

  measure() {
    const style = getComputedStyle(this.root);
    this.height = parseFloat(style.getPropertyValue("--row-height"));
    this.extra = parseFloat(style.getPropertyValue("--open-height")) - this.height;
  }

  top(position) {
    return position * this.height + (this.open !== null && position > this.open ? this.extra : 0);
  }

  at(offset) {
    const plain = Math.floor(offset / this.height);
    if (this.open === null || plain <= this.open) return plain;
    return Math.max(this.open, Math.floor((offset - this.extra) / this.height));
  }

  place(position) {
    let row = this.rows.get(position);
    if (!row) {
      row = this.spare.pop() ?? this.make();
      this.rows.set(position, row);
      this.sizer.append(row);
    }
    const isOpen = position === this.open;
    row.position = position;
    row.style.transform = `translateY(${this.top(position)}px)`;
    row.setAttribute("aria-rowindex", position + 1);
    row.setAttribute("aria-expanded", isOpen);
    row.classList.toggle("open", isOpen);
    row.classList.toggle("active", position === this.active);
    row.id = `row-${position}`;
    if (position === this.active) this.root.setAttribute("aria-activedescendant", row.id);
    this.fill(row, position, isOpen);
  }

  drop(position, row) {
    this.rows.delete(position);
    row.remove();
    this.spare.push(row);
  }

  click(event) {
    const row = event.target.closest(".row");
    if (!row || event.target.closest(".detail")) return;
    this.active = row.position;
    this.toggle(row.position);
  }

  toggle(position) {
    this.open = this.open === position ? null : position;
    this.draw(this.count);
    this.reveal(position);
    this.chosen(this.open);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.root) return;
    const page = Math.max(1, Math.floor(this.root.clientHeight / this.height) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps) this.move(steps[event.key]);
    else if (event.key === "Enter" || event.key === " ") this.toggle(this.active);
    else if (event.key === "Escape" && this.open !== null) this.toggle(this.open);
    else return;
    event.preventDefault();
  }

  move(by) {
    this.active = Math.min(this.count - 1, Math.max(0, this.active + by));
    this.reveal(this.active);
    this.draw(this.count);
  }

  reveal(position) {
    const top = this.top(position);
    const bottom = top + (position === this.open ? this.height + this.extra : this.height);
    const { scrollTop, clientHeight } = this.root;
    if (bottom > scrollTop + clientHeight) this.root.scrollTop = bottom - clientHeight;
    if (top < this.root.scrollTop) this.root.scrollTop = top;
  }
}
