// Text as nodes, with a mark for what would not be seen or would turn what stands around it.

import { unseen } from "../editor/formats/names.js";
import { element } from "../run_view/parts.js";

// White space that a browser draws as a blank, or not at all.
const ODD = /[\x0b-\x0d\x1c-\x1f]/g;
const RETURN = "\r";

/** Nodes that show `text`; only textContent is used. */
export function shown(text) {
  const odd = [...text.matchAll(ODD)].map((match) => [match.index, match.index + 1]);
  const marked = [...unseen(text), ...odd].sort(([one], [other]) => one - other);
  const nodes = [];
  let at = 0;
  for (const [start, end] of marked) {
    if (start > at) nodes.push(document.createTextNode(text.slice(at, start)));
    nodes.push(element("span", "unprinted", name(text.slice(start, end))));
    at = end;
  }
  if (at < text.length) nodes.push(document.createTextNode(text.slice(at)));
  return nodes;
}

function name(character) {
  if (character === RETURN) return "CR";
  return `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}
