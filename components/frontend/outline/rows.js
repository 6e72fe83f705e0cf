// The rows of the tree. Titles go in by textContent only: a template is text, never markup.

import { fill, several } from "../run_view/format.js";
import { element } from "../run_view/parts.js";
import { rename } from "./rename.js";

/** Draws all messages anew; what is folded and which row is active stays. */
export function draw(view) {
  const { messages, words } = view.data;
  view.tree.replaceChildren(...messages.map((message) => group(view, message)));
  const rows = view.rows();
  if (!rows.some((row) => row.dataset.name === view.active)) view.active = rows[0]?.dataset.name ?? null;
  for (const row of rows) row.tabIndex = row.dataset.name === view.active ? 0 : -1;
  view.tree.setAttribute("aria-rowcount", rows.length);
}

/** What tells a section from all others. */
export function nameOf(row, id) {
  return `${row}/${id}`;
}

/** Where the block of a section ends: behind its deeper ones. */
export function blockEnd(parts, at) {
  const { level } = parts[at];
  if (!level) return at + 1;
  let end = at + 1;
  while (end < parts.length && parts[end].level > level) end++;
  return end;
}

function group(view, message) {
  const { words } = view.data;
  const made = element("div", "message");
  made.setAttribute("role", "rowgroup");
  made.setAttribute("aria-label", message.name);
  made.message = message;
  const head = element("div", "head");
  head.append(element("span", "name", message.name), tokens(words, message.tokens));
  made.append(head);
  const seen = new Map();
  let folding = 0;
  message.parts.forEach((part, at) => {
    const path = `${message.row}/${part.level}/${part.title}`;
    seen.set(path, (seen.get(path) ?? 0) + 1);
    const key = `${path}/${seen.get(path)}`;
    if (at < folding) return;
    const end = blockEnd(message.parts, at);
    if (view.folded.has(key)) folding = end;
    made.append(rowFor(view, { message, part, at, key, end }));
  });
  if (message.cut) {
    made.append(element("p", "cut", fill(several(words, words.cut, message.cut), { count: message.cut })));
  }
  return made;
}

function rowFor(view, place) {
  const { words } = view.data;
  const { message, part, at, key, end } = place;
  const row = element("div", part.on ? "row" : "row off");
  row.place = place;
  row.dataset.name = nameOf(message.row, part.id);
  row.dataset.testid = "section";
  row.setAttribute("role", "row");
  row.setAttribute("aria-level", Math.max(1, part.level));
  row.style.setProperty("--level", Math.max(0, part.level - shallowest(message.parts)));
  const values = { title: part.name, level: part.level, tokens: part.tokens };
  row.setAttribute("aria-label", fill(several(words, part.on ? words.row_on : words.row_off, part.tokens), values));
  if (end > at + 1) row.setAttribute("aria-expanded", !view.folded.has(key));
  row.append(grip(words, part), foldMark(view, row), title(view, row), tokens(words, part.tokens), onOff(view, row));
  return row;
}

function shallowest(parts) {
  return Math.min(6, ...parts.filter((part) => part.level).map((part) => part.level));
}

function grip(words, part) {
  const made = cell("grip", part.level ? "⠿" : "");
  if (part.level) made.title = fill(words.grip, { title: part.name });
  made.setAttribute("aria-hidden", "true");
  return made;
}

function foldMark(view, row) {
  const made = cell("fold");
  if (!row.hasAttribute("aria-expanded")) return made;
  const isOpen = row.getAttribute("aria-expanded") === "true";
  const button = pressable(isOpen ? "▾" : "▸", () => view.fold(row, isOpen));
  button.setAttribute("aria-label", fill(view.data.words.fold, { title: row.place.part.name }));
  made.append(button);
  return made;
}

function title(view, row) {
  const { part } = row.place;
  const made = cell("title");
  const text = element("span", part.title ? "text" : "text unnamed", part.name);
  text.title = part.name;
  made.append(text);
  if (!part.on) made.append(element("span", "badge", view.data.words.off));
  if (!part.level) return made;
  made.addEventListener("dblclick", () => rename(view, row));
  const pen = pressable("✎", () => rename(view, row));
  pen.className = "pen";
  pen.setAttribute("aria-label", fill(view.data.words.rename, { title: part.name }));
  made.append(pen);
  return made;
}

function tokens(words, count) {
  const made = cell("tokens", fill(several(words, words.tokens, count), { tokens: count.toLocaleString() }));
  made.title = words.tokens_help;
  return made;
}

function onOff(view, row) {
  const { part } = row.place;
  const made = cell("switch");
  const button = pressable("", () => view.toggle(row));
  button.setAttribute("role", "switch");
  button.setAttribute("aria-checked", part.on);
  button.setAttribute("aria-label", fill(view.data.words.switch, { title: part.name }));
  button.append(element("i"));
  made.append(button);
  return made;
}

function cell(name, text = "") {
  const made = element("span", name, text);
  made.setAttribute("role", "gridcell");
  return made;
}

/** A button for the pointer: the keyboard reaches what it does through the row. */
function pressable(text, press) {
  const made = element("button", "", text);
  made.type = "button";
  made.tabIndex = -1;
  made.addEventListener("click", press);
  return made;
}
