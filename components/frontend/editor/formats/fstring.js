// The pieces of an f-string template: chains/templates/fstring.py, in the browser.

import { isPlain } from "./names.js";

const PIECE = /\{\{|\}\}|\{([^{}]*)\}|[{}\ud800-\udfff]/gu;

/** All braces of `text` as {start, end, kind}, in UTF-16 units; behind the `most`th error nothing is read. */
export function read(text, most) {
  const found = [];
  let errors = 0;
  let pairs;
  PIECE.lastIndex = 0;
  for (let match; errors < most && (match = PIECE.exec(text)); ) {
    const start = match.index;
    let kind = "error";
    if (match[1] !== undefined) {
      if (isPlain(match[1])) kind = "variable";
    } else if (match[0] === "{") {
      pairs ??= pairsOf(text);
      PIECE.lastIndex = (pairs.get(start) ?? start) + 1;
    } else if (match[0].length === 2) {
      kind = "literal";
    }
    if (kind === "error") errors += 1;
    found.push({ start, end: PIECE.lastIndex, kind });
  }
  return found;
}

/** Each `{` that has a counterpart → that `}`, counting every brace by itself. */
function pairsOf(text) {
  const pairs = new Map();
  const opened = [];
  for (const { 0: brace, index } of text.matchAll(/[{}]/g)) {
    if (brace === "{") opened.push(index);
    else if (opened.length) pairs.set(opened.pop(), index);
  }
  return pairs;
}
