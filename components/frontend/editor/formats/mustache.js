// The pieces of a mustache template: chains/templates/mustache.py, in the browser.

import { isPlain } from "./names.js";

const MOST_TAGS = 2_000;
const MOST_DEPTH = 50;
const KINDS = { "#": "tag", "^": "tag", "/": "tag", "!": "comment" };
// What Python takes for space; JavaScript's own idea of it differs.
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const IS_SPACE = new RegExp(`[${SPACE}]`);
const BLOCK = new RegExp(`^(?:if|each|unless|with)[${SPACE}]+[^${SPACE}]+$`);
const ELSE = new RegExp(`^else(?:[${SPACE}]|$)`);

/** All tags of `text` as {start, end, kind}, and the braces between them; behind the `most`th error nothing is read. */
export function read(text, most) {
  const sections = [];
  const found = [];
  let errors = Math.min(most, text.match(/[\ud800-\udfff]/gu)?.length ?? 0);
  let start = text.indexOf("{{");
  let isWhole = true;
  for (let tags = 1; start >= 0 && errors < most; tags += 1) {
    const tag = tagAt(text, start);
    isWhole = Boolean(tag) && tags <= MOST_TAGS;
    const isSound = isWhole && take(sections, tag);
    if (!isSound) errors += 1;
    found.push({ start, end: tag?.end ?? start + 2, kind: isSound ? (KINDS[tag.sigil] ?? "variable") : "error" });
    if (!isWhole) break;
    start = text.indexOf("{{", tag.end);
  }
  const open = isWhole ? sections.filter((section) => section.isSound) : [];
  const starts = new Set(open.map((section) => section.tag.start));
  for (const piece of found) if (starts.has(piece.start)) piece.kind = "error";
  return withSingleBraces(text, found, errors + open.length < most);
}

function tagAt(text, start) {
  let end = text.indexOf("}}", start + 2);
  if (end < 0) return null;
  const inner = text.slice(start + 2, end);
  let sigil = "!#^/>={&".includes(inner.slice(0, 1)) ? inner.slice(0, 1) : "";
  const name = stripped(inner.slice(sigil.length));
  if (sigil === "{" && text.startsWith("}", end + 2)) {
    sigil = "&";
    end += 1;
  }
  return { start, end: end + 2, sigil, name };
}

/** A pattern would try every space of a long gap as the beginning of the last one. */
function stripped(text) {
  let start = 0;
  let end = text.length;
  while (start < end && IS_SPACE.test(text[start])) start += 1;
  while (end > start && IS_SPACE.test(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

/** Takes a tag in; false when it is wrong, or wrong where it stands. */
function take(sections, tag) {
  if (tag.sigil === "!") return true;
  if (tag.sigil === "/") return close(sections, tag.name);
  const opens = tag.sigil === "#" || tag.sigil === "^";
  const isNamed = tag.name === "." || isPlain(tag.name, sections.length > 0);
  const isSound = fits(tag, opens) && fitsHere(tag, opens, sections) && isNamed;
  if (opens) sections.push({ tag, isSound });
  return isSound;
}

function fits({ sigil, name }, opens) {
  return !(opens && BLOCK.test(name)) && !">={".includes(sigil || " ") && name !== "" && !ELSE.test(name);
}

function fitsHere({ sigil, name }, opens, sections) {
  if (name === "." && (!sections.length || sections.at(-1).tag.sigil === "^")) return false;
  if (opens && sections.length >= MOST_DEPTH) return false;
  return !(sigil === "^" && sections.some(({ tag }) => tag.sigil === "#" && tag.name === name));
}

function close(sections, name) {
  const last = sections.at(-1);
  if (last && (!last.isSound || last.tag.name === name)) {
    sections.pop();
    return true;
  }
  if (sections.some(({ tag }) => tag.name === name)) while (sections.pop().tag.name !== name);
  return false;
}

function withSingleBraces(text, tags, isRead) {
  const found = [];
  let behind = 0;
  const single = (end) => {
    for (const { index } of text.slice(behind, end).matchAll(/[{}]/g)) {
      found.push({ start: behind + index, end: behind + index + 1, kind: "literal" });
    }
  };
  for (const tag of tags) {
    single(tag.start);
    found.push(tag);
    behind = tag.end;
  }
  if (isRead) single(text.length);
  return found;
}
