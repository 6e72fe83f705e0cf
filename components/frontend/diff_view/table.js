// The rows of one comparison as a table: what is alike for long is folded, what is very long is drawn in parts.

import { element } from "../run_view/parts.js";
import { fill, several } from "../run_view/format.js";
import { fold } from "./fold.js";
import { shown } from "./shown.js";

const AT_ONCE = 1_000;
const SIGNS = { removed: "−", added: "+" };
const COLUMNS = { side: ["number", "sign", "text", "number", "sign", "text"], inline: ["number", "number", "sign", "text"] };

/** A table of `rows`, each a kind and its text; of a changed one both sides in pieces: the same, changed, the same, … */
export function table(rows, { form, names, words, label }) {
  const made = element("table", form);
  const caption = element("caption", "unseen", label);
  const columns = document.createElement("colgroup");
  columns.append(...COLUMNS[form].map((name) => element("col", name)));
  const body = document.createElement("tbody");
  made.append(caption, columns, head(form, names), body);
  const draw = form === "side" ? sideBySide : inline;
  append(body, fold(numbered(rows)), { draw, words, columns: COLUMNS[form].length });
  return made;
}

/** The rows with their line numbers; `left` and `right` are null where there is no line. */
function numbered(rows) {
  let left = 0;
  let right = 0;
  return rows.map(([kind, one, other = one]) => ({
    kind,
    left: kind === "added" ? null : { number: ++left, pieces: pieces(one) },
    right: kind === "removed" ? null : { number: ++right, pieces: pieces(other) },
  }));
}

function pieces(text) {
  return Array.isArray(text) ? text : [text];
}

function head(form, names) {
  const row = document.createElement("tr");
  const cells = form === "side" ? names : [names.join(" → ")];
  for (const name of cells) {
    const cell = element("th", "", name);
    cell.scope = "col";
    cell.colSpan = form === "side" ? 3 : 4;
    row.append(cell);
  }
  const made = document.createElement("thead");
  made.append(row);
  return made;
}

function append(body, parts, how) {
  const now = parts.slice(0, AT_ONCE);
  const later = parts.slice(AT_ONCE);
  body.append(...runs(now).flatMap((run) => (run.folded ? [folded(run.folded, how)] : how.draw(run, how.words))));
  if (!later.length) return;
  const count = later.reduce((sum, part) => sum + (part.folded?.length ?? 1), 0);
  const row = pressable(fill(several(how.words, how.words.more, count), { count }), how, () => {
    row.remove();
    append(body, later, how);
  });
  body.append(row);
}

/** A stretch of rows that are not the same at a time: what is gone stands beside what came. */
function runs(parts) {
  const found = [];
  for (const part of parts) {
    const last = found.at(-1);
    const joins = last && !last.folded && !part.folded && part.kind !== "same" && last[0].kind !== "same";
    if (joins) last.push(part);
    else found.push(part.folded ? part : [part]);
  }
  return found;
}

function folded(rows, how) {
  const count = rows.length;
  const row = pressable(fill(several(how.words, how.words.alike, count), { count }), how, () => {
    const drawn = rows.flatMap((one) => how.draw([one], how.words));
    row.replaceWith(...drawn);
    drawn[0].tabIndex = -1;
    drawn[0].focus();
  });
  row.className = "folded";
  return row;
}

function pressable(text, { columns }, press) {
  const row = document.createElement("tr");
  const cell = document.createElement("td");
  const button = element("button", "", text);
  button.type = "button";
  button.addEventListener("click", press);
  cell.colSpan = columns;
  cell.append(button);
  row.append(cell);
  return row;
}

function sideBySide(run, words) {
  return pairs(run).map(([left, right]) => {
    const row = document.createElement("tr");
    row.append(...half(left?.left, left?.kind, "removed", words), ...half(right?.right, right?.kind, "added", words));
    return row;
  });
}

/** The rows of a run two by two: a changed or an equal one with itself, one that is gone with the next that came. */
function pairs(run) {
  const found = [];
  let gone = [];
  const settle = () => {
    found.push(...gone.map((row) => [row, null]));
    gone = [];
  };
  for (const row of run) {
    if (row.kind === "removed") gone.push(row);
    else if (row.kind === "added") found.push([gone.shift() ?? null, row]);
    else {
      settle();
      found.push([row, row]);
    }
  }
  settle();
  return found;
}

function half(side, kind, mark, words) {
  if (!side) return [element("td", "number"), element("td", "sign"), element("td", "text nothing")];
  const state = kind === "same" ? "" : mark;
  return [number(side, state), sign(kind, mark, words), text(side, state, kind)];
}

function inline(run, words) {
  const old = run.filter((row) => row.left && row.kind !== "same");
  const now = run.filter((row) => row.right && row.kind !== "same");
  if (!old.length && !now.length) return run.map((row) => line(row, row.left, "", words));
  return [
    ...old.map((row) => line(row, row.left, "removed", words)),
    ...now.map((row) => line(row, row.right, "added", words)),
  ];
}

function line(row, side, mark, words) {
  const made = document.createElement("tr");
  const none = () => element("td", `number ${mark}`);
  const left = mark === "added" ? none() : number(row.left, mark);
  const right = mark === "removed" ? none() : number(row.right, mark);
  made.append(left, right, sign(mark ? row.kind : "same", mark, words), text(side, mark, row.kind));
  return made;
}

function number(side, state) {
  return element("td", `number ${state}`, String(side.number));
}

function sign(kind, mark, words) {
  const cell = element("td", `sign ${kind === "same" ? "" : mark}`);
  if (kind === "same") return cell;
  const drawn = element("span", "", SIGNS[mark]);
  drawn.setAttribute("aria-hidden", "true");
  cell.append(drawn, element("span", "unseen", words.kinds[kind]));
  return cell;
}

function text(side, state, kind) {
  const cell = element("td", `text ${state}`);
  side.pieces.forEach((piece, place) => {
    if (!piece) return;
    const changed = kind === "changed" && place % 2 === 1;
    const target = changed ? element(state === "removed" ? "del" : "ins") : cell;
    target.append(...shown(piece));
    if (changed) cell.append(target);
  });
  return cell;
}
