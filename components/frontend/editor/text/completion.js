// The names of variables, offered behind an opening brace.

import { isPlain } from "../formats/names.js";
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
 * Null where no name is being written. `own` are the pieces of `text`, `known` the names of all messages.
 */
export function offer(text, caret, { format, own, known }) {
  const found = OPENED[format]?.exec(text.slice(Math.max(0, caret - REACH), caret));
  if (!found) return null;
  const { name, sigil = "" } = found.groups;
  const start = caret - name.length;
  const end = caret + REST.exec(text.slice(caret, caret + REACH))[0].length;
  const opening = start - found.groups.brace.length;
  const isClosing = sigil === "/";
  const wanted = isClosing ? openSections(text.slice(0, opening), format) : [...known, ...written(text, opening, own)];
  const names = matching(wanted, name);
  return names.length ? { names, start, end, typed: name, closing: closing(format, sigil) } : null;
}

function closing(format, sigil) {
  if (format === "f-string") return "}";
  return sigil === "{" ? "}}}" : "}}";
}

/** The names in `text`, but for the one that is being written. */
function written(text, opening, own) {
  return own
    .filter(({ start, kind }) => start !== opening && (kind === "variable" || kind === "tag"))
    .map(({ start, end }) => text.slice(start, end).replace(/^[{&#^/\s]+|[}\s]+$/g, ""));
}

/** The innermost first. */
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
    .map((name) => ({ name, place: name === typed ? -1 : name.toLowerCase().indexOf(wanted) }))
    .filter(({ place }) => place >= 0);
  const begins = places.filter(({ place }) => place === 0);
  const found = [...begins, ...places.filter(({ place }) => place > 0)].map(({ name }) => name);
  return found.filter((name) => isPlain(name, true)).slice(0, MOST_OFFERED);
}
