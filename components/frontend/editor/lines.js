// A template's lines as the backdrop draws them: each a row of segments of one look.

import { unseen } from "./names.js";
import { headings } from "./tokens.js";

/**
 * The lines of `text`, each with `heading` and with segments {text, kind, piece}. A segment without a kind is bare text;
 * `piece` is the index of the piece that it is part of. A piece that spans lines has a segment in each.
 */
export function lined(text, pieces) {
  const lines = text.split("\n");
  const isHeading = headings(lines);
  let start = 0;
  let next = 0;
  return lines.map((line, index) => {
    const end = start + line.length;
    const segments = [];
    let at = start;
    while (next < pieces.length && pieces[next].start < end) {
      const piece = pieces[next];
      const from = Math.max(piece.start, start);
      const to = Math.min(piece.end, end);
      if (from > at) add(segments, text.slice(at, from), "");
      if (to > from) add(segments, text.slice(from, to), piece.kind, next);
      at = Math.max(at, to);
      if (piece.end > end) break;
      next += 1;
    }
    if (at < end) add(segments, text.slice(at, end), "");
    start = end + 1;
    return { heading: isHeading[index], segments };
  });
}

/** Adds a segment; characters in it that cannot be seen become segments of their own. */
function add(segments, text, kind, piece = -1) {
  let at = 0;
  for (const [start, end] of unseen(text)) {
    if (start > at) segments.push({ text: text.slice(at, start), kind, piece });
    segments.push({ text: text.slice(start, end), kind: `${kind} unseen`.trim(), piece });
    at = end;
  }
  if (at < text.length) segments.push({ text: text.slice(at), kind, piece });
}
