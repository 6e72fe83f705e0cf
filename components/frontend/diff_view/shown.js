// Text as nodes, with a mark for what would not be seen or would turn what stands around it.

import { element } from "../run_view/parts.js";

// Joiners are not among them: what they join is seen.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;
const RETURN = "\r";

/** Nodes that show `text`; only textContent is used. */
export function shown(text) {
  const nodes = [];
  let rest = text;
  for (let found = UNSEEN.exec(rest); found; found = UNSEEN.exec(rest)) {
    if (found.index) nodes.push(document.createTextNode(rest.slice(0, found.index)));
    nodes.push(element("span", "unprinted", name(found[0])));
    rest = rest.slice(found.index + found[0].length);
  }
  if (rest) nodes.push(document.createTextNode(rest));
  return nodes;
}

function name(character) {
  if (character === RETURN) return "CR";
  return `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}
