// The names of variables, offered behind an opening brace.

import { isPlain } from "./formats/names.js";
import { pieces } from "./tokens.js";

const MOST_OFFERED = 50;
const REACH = 200;
const NAME = "[\\p{XID_Continue}-]*";
const OPENED = {
  "f-string": new RegExp(`(?<!\\{)(?:\\{\\{)*(?<brace>\\{)(?<name>${NAME})$`, "u"),
  mustache: new RegExp(`(?<brace>\\{\\{(?<sigil>[{&#^/]?)[ \\t]?)(?<name>${NAME})$`, "u"),
};
const REST = new RegExp(`^${NAME}`, "u");

/**
 * What may be written at `caret`: the `names` offered, the range `start` to `end` that one replaces, and what closes it.
 * Null where no name is being written.
 */
export function offer(text, caret, format, known) {
  const found = OPENED[format]?.exec(text.slice(Math.max(0, caret - REACH), caret));
  if (!found) return null;
  const { name, sigil = "" } = found.groups;
  const start = caret - name.length;
  const end = caret + REST.exec(text.slice(caret, caret + REACH))[0].length;
  const opening = start - found.groups.brace.length;
  const names = matching(candidates(text, opening, format, sigil, known), name);
  return names.length ? { names, start, end, typed: name, closing: closing(format, sigil) } : null;
}

function closing(format, sigil) {
  if (format === "f-string") return "}";
  return sigil === "{" ? "}}}" : "}}";
}

/** Behind `{{/` the sections that are open, the innermost first; elsewhere the variables of all messages. */
function candidates(text, opening, format, sigil, known) {
  if (sigil === "/") return openSections(text.slice(0, opening), format);
  const own = pieces(text, format)
    .filter(({ start, kind }) => start !== opening && (kind === "variable" || kind === "tag"))
    .map(({ start, end }) => text.slice(start, end).replace(/^[{&#^/\s]+|[}\s]+$/g, ""));
  return [...known, ...own];
}

function openSections(before, format) {
  const open = [];
  for (const { start, end } of pieces(before, format)) {
    const tag = /^\{\{([#^/])\s*(.*?)\s*\}\}$/su.exec(before.slice(start, end));
    const last = tag?.[1] === "/" ? open.lastIndexOf(tag[2]) : -1;
    if (last >= 0) open.splice(last, 1);
    else if (tag && tag[1] !== "/") open.push(tag[2]);
  }
  return open.reverse();
}

/** Those that hold what is typed, without what is typed itself: first those that begin with it. */
function matching(names, typed) {
  const wanted = typed.toLowerCase();
  const places = [...new Set(names)]
    .filter((name) => name !== typed && isPlain(name, true))
    .map((name) => ({ name, place: name.toLowerCase().indexOf(wanted) }))
    .filter(({ place }) => place >= 0);
  const begins = places.filter(({ place }) => place === 0);
  return [...begins, ...places.filter(({ place }) => place > 0)].slice(0, MOST_OFFERED).map(({ name }) => name);
}
