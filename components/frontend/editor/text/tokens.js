// What each brace of a template is, and which lines are headings: what Python reads, at the speed of typing.

import * as fstring from "../formats/fstring.js";
import * as mustache from "../formats/mustache.js";

const MOST_ERRORS = 100;
const READERS = { "f-string": fstring.read, mustache: mustache.read };
const MARK = /^ {0,3}(?:(#{1,6})(?=[ \t]|$)|(`{3,}|~{3,}))(.*)$/su;

/**
 * All braces of `text` as {start, end, kind}, in order and without overlap, in UTF-16 units. The kind is `variable`,
 * `literal`, `tag`, `comment` or `error`. A text of another format than `f-string` and `mustache` has none.
 */
export function pieces(text, format) {
  return READERS[format]?.(text, MOST_ERRORS) ?? [];
}

/** By line: whether it is a heading outside code. */
export function headings(lines) {
  let fence = "";
  return lines.map((line) => {
    const mark = MARK.exec(line);
    if (!mark) return false;
    if (mark[1]) return !fence;
    fence = fenceBehind(fence, mark[2], mark[3]);
    return false;
  });
}

/** The fence that is open behind a line of fence marks; "" for none. */
function fenceBehind(fence, marks, rest) {
  if (!fence) return marks[0] === "`" && rest.includes("`") ? "" : marks;
  return marks.startsWith(fence) && !rest.replace(/[ \t]/g, "") ? "" : fence;
}
