// A template's lines as the backdrop draws them: each a row of segments of one look.

import { unseen } from "../formats/names.js";
import { headings } from "./tokens.js";

const MOST_LINES = 32;
const MOST_CHARACTERS = 2_000;
const MOST_SEGMENTS = 600;

/**
 * The lines of `text` as blocks {heading, segments, length}. A segment is {text, kind, piece}: without a kind it is bare
 * text, else `piece` is the index of the piece that it is part of; a piece that spans lines has a segment in each. Lines of
 * bare text share blocks: a block a line would be slow where there are tens of thousands. A line of more than MOST_SEGMENTS
 * is bare, but for its characters from `sight.from` to `sight.to`.
 */
export function blocks(text, pieces, sight) {
  const found = [];
  let shared = null;
  for (const line of lined(text, pieces, sight)) {
    const isBare = !line.heading && line.segments.every(({ kind }) => !kind);
    const own = line.segments[0]?.text ?? "";
    if (isBare && shared && shared.lines < MOST_LINES && shared.text.length + own.length < MOST_CHARACTERS) {
      shared.text += `\n${own}`;
      shared.lines += 1;
    } else if (isBare) {
      found.push((shared = { text: own, lines: 1 }));
    } else {
      shared = null;
      found.push(line);
    }
  }
  return found.map((block) => (block.segments ? block : bare(block.text)));
}

/** A line break that ends a block makes no line in it, unless another one follows. */
function bare(text) {
  const drawn = text.endsWith("\n") ? `${text}\n` : text;
  return { heading: false, segments: drawn ? [{ text: drawn, kind: "", piece: -1 }] : [], length: text.length };
}

function lined(text, pieces, sight) {
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
    const isCrowded = segments.length > MOST_SEGMENTS;
    const shown = isCrowded ? inSight(segments, sight.from - start, sight.to - start) : segments;
    start = end + 1;
    return { heading: isHeading[index], isCrowded, segments: shown, length: line.length };
  });
}

/** `segments` of a line with those bare, and joined, that have no character from `from` to `to`. */
function inSight(segments, from, to) {
  const shown = [];
  let at = 0;
  for (const segment of segments) {
    const isSeen = at < to && at + segment.text.length > from;
    const last = shown.at(-1);
    if (isSeen) shown.push(segment);
    else if (last && !last.kind) shown[shown.length - 1] = { ...last, text: last.text + segment.text };
    else shown.push({ text: segment.text, kind: "", piece: -1 });
    at += segment.text.length;
  }
  return shown;
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
