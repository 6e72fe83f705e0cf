// The sections of all messages as a tree: what is done in it goes to the script, which alone changes the messages.

import { listenForDrag } from "./drag.js";
import { listenForKeys } from "./keys.js";
import { draw, nameOf } from "./rows.js";

const PATIENCE_MS = 3000;

const views = new WeakMap();

/** Shows `component.data` in the component's root, or brings what is shown there up to date. */
export function show(component) {
  const root = component.parentElement;
  if (!views.has(root)) views.set(root, new Outline(root));
  views.get(root).update(component);
}

export function leave(root) {
  views.get(root)?.leave();
  views.delete(root);
}

export class Outline {
  constructor(root) {
    this.root = document.createElement("section");
    this.root.className = "outline";
    this.root.dataset.testid = "sections";
    this.tree = document.createElement("div");
    this.tree.className = "tree";
    this.tree.setAttribute("role", "treegrid");
    this.said = document.createElement("p");
    this.said.className = "said";
    this.said.setAttribute("role", "status");
    this.said.dataset.testid = "sections-said";
    this.root.append(this.tree, this.said);
    root.append(this.root);
    this.folded = new Set();
    this.active = null;
    this.number = null;
    this.waiting = [];
    this.sentAt = null;
    this.busy = false;
    this.leaving = new AbortController();
    this.tree.addEventListener("focusin", (event) => this.enter(event.target.closest(".row")));
    listenForKeys(this);
    listenForDrag(this);
  }

  leave() {
    this.leaving.abort();
    clearTimeout(this.timer);
    this.root.remove();
  }

  update({ data, setTriggerValue }) {
    this.tell = setTriggerValue;
    this.data = data;
    this.isLate = this.busy;
    if (!this.busy) this.refresh();
  }

  /** What holds the rows as they are, a drag or a title's field, has ended; `changed` when it has left its marks. */
  free(changed) {
    this.busy = false;
    if (changed || this.isLate) this.refresh();
  }

  refresh() {
    const { said, words } = this.data;
    this.isLate = false;
    const isNew = this.number !== null && said.number !== this.number;
    const wasIn = this.hasFocus();
    this.tree.setAttribute("aria-label", words.tree);
    if (isNew) this.answered(said);
    if (this.number === null) this.said.textContent = words.hint;
    this.number = said.number;
    draw(this);
    if (wasIn) this.rowOf(this.active)?.focus();
    this.next();
  }

  /** The script has done, or refused, what was sent last. */
  answered(said) {
    this.said.textContent = said.sentence;
    const before = this.sent;
    this.sentAt = null;
    if (!said.id) return;
    this.active = nameOf(said.row, said.id);
    for (const change of this.waiting) {
      if (before && change.row === said.row && change.id === before.id) change.id = said.id;
    }
  }

  /** One change at a time: the next one is made to what the one before has left. */
  send(change) {
    this.waiting.push(change);
    this.next();
  }

  next() {
    if (this.sentAt !== null && performance.now() - this.sentAt < PATIENCE_MS) return;
    const change = this.waiting.shift();
    if (!change) return;
    this.sent = change;
    this.sentAt = performance.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.next(), PATIENCE_MS);
    this.tell("change", change);
  }

  hasFocus() {
    return this.tree.contains(this.tree.getRootNode().activeElement);
  }

  rows() {
    return [...this.tree.querySelectorAll(".row")];
  }

  rowOf(name) {
    return this.rows().find((row) => row.dataset.name === name);
  }

  /** The row that has the focus is the one that Tab comes back to. */
  enter(row) {
    this.rowOf(this.active)?.setAttribute("tabindex", "-1");
    this.active = row.dataset.name;
    row.tabIndex = 0;
  }

  fold(row, folded) {
    if (!row.hasAttribute("aria-expanded")) return;
    this.folded[folded ? "add" : "delete"](row.place.key);
    const wasIn = this.hasFocus();
    draw(this);
    if (wasIn) this.rowOf(this.active)?.focus();
  }

  toggle(row) {
    const { message, part } = row.place;
    this.send({ op: "switch", row: message.row, id: part.id, on: !part.on });
  }

  step(row, by) {
    const { message, part } = row.place;
    this.send({ op: "move", row: message.row, id: part.id, by });
  }

  move(row, before) {
    const { message, part } = row.place;
    this.send({ op: "move", row: message.row, id: part.id, before });
  }
}
