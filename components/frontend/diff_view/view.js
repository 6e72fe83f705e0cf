// Two texts against each other. What is compared is foreign text: it goes in by textContent only.

import { element } from "../run_view/parts.js";
import { table } from "./table.js";

const NARROW_PX = 620;
const CHOSEN = "lcel.diff-view";
const FORMS = ["side", "inline"];

const views = new WeakMap();

/** Shows the comparison `component.data` in the component's root. */
export function show(component) {
  const root = component.parentElement;
  if (!views.has(root)) views.set(root, new DiffView(root));
  views.get(root).update(component.data);
}

export function leave(root) {
  views.get(root)?.leave();
  views.delete(root);
}

class DiffView {
  constructor(root) {
    this.root = element("section", "diff-view");
    this.root.dataset.testid = "diff-view";
    this.wanted = chosen();
    this.narrow = false;
    root.append(this.root);
    this.watch = new ResizeObserver(([seen]) => this.resize(seen.contentRect.width));
    this.watch.observe(this.root);
  }

  leave() {
    this.watch.disconnect();
    this.root.remove();
  }

  get form() {
    return this.narrow ? "inline" : this.wanted;
  }

  resize(width) {
    const narrow = width > 0 && width < NARROW_PX;
    if (narrow === this.narrow) return;
    this.narrow = narrow;
    if (this.data) this.draw();
  }

  update(data) {
    this.data = data;
    this.draw();
  }

  choose(form) {
    this.wanted = form;
    keep(form);
    this.draw();
    this.root.querySelector(`[data-form="${form}"]`).focus();
  }

  draw() {
    const { changes, messages, words } = this.data;
    this.root.dataset.shown = this.form;
    const head = element("div", "head");
    head.append(element("p", "summary", this.data.summary), this.switch(words));
    const body = messages.map((message) => this.message(message));
    this.root.replaceChildren(head, ...(changes.length ? [settings(changes, words)] : []), ...body);
  }

  switch(words) {
    const group = element("div", "forms");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", words.form);
    group.hidden = this.narrow;
    for (const form of FORMS) {
      const button = element("button", "", words[form]);
      button.type = "button";
      button.dataset.form = form;
      button.setAttribute("aria-pressed", String(form === this.wanted));
      button.addEventListener("click", () => this.choose(form));
      group.append(button);
    }
    return group;
  }

  message({ title, role, notes, sections }) {
    const block = element("div", "message");
    if (title) block.append(heading("h4", title, [role, ...notes]));
    for (const section of sections) {
      if (section.title || section.notes.length) block.append(heading("h5", section.title, section.notes));
      const label = [title, section.title].filter(Boolean).join(", ");
      block.append(table(section.rows, { form: this.form, names: this.data.names, words: this.data.words, label }));
    }
    return block;
  }
}

function heading(tag, title, notes) {
  const made = element(tag, "", title);
  for (const note of notes) made.append(" ", element("span", "note", note));
  return made;
}

/** What is different beside the messages: name, old, new. */
function settings(changes, words) {
  const list = element("dl", "settings");
  list.setAttribute("aria-label", words.settings);
  for (const [name, old, now] of changes) {
    const values = element("dd");
    const arrow = element("span", "arrow", "→");
    arrow.setAttribute("role", "img");
    arrow.setAttribute("aria-label", words.becomes);
    values.append(value("del", old, words), arrow, value("ins", now, words));
    list.append(element("dt", "", name), values);
  }
  return list;
}

function value(tag, text, words) {
  return text ? element(tag, "", text) : element("span", "none", words.none);
}

/** Storage may be forbidden; the choice then lasts as long as the view. */
function chosen() {
  try {
    return localStorage.getItem(CHOSEN) === "inline" ? "inline" : "side";
  } catch {
    return "side";
  }
}

function keep(form) {
  try {
    localStorage.setItem(CHOSEN, form);
  } catch {
    return;
  }
}
