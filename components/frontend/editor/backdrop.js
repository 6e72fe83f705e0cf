// The coloured copy of a text that stands behind its field. Only what has changed is drawn again.

/** Draws blocks of lines into `element`, and says where a place of the text is on the page. */
export class Backdrop {
  constructor(element) {
    this.element = element;
    this.lines = [];
    this.isCrowded = false;
  }

  /** Takes `wanted`, blocks of segments (`lines.js`), in place of what is drawn. */
  draw(wanted) {
    this.isCrowded = wanted.some((line) => line.isCrowded);
    const { before, behind } = same(this.lines, wanted, isSameLine);
    const gone = this.lines.slice(before, this.lines.length - behind);
    const fresh = wanted.slice(before, wanted.length - behind).map((line, index) => this.line(line, gone[index]));
    const follower = this.lines[this.lines.length - behind]?.element ?? null;
    const added = fresh.slice(gone.length).map((line) => line.element);
    for (const line of gone.slice(fresh.length)) line.element.remove();
    if (added.length) {
      const all = this.element.ownerDocument.createDocumentFragment();
      all.append(...added);
      this.element.insertBefore(all, follower);
    }
    this.lines = [...this.lines.slice(0, before), ...fresh, ...this.lines.slice(this.lines.length - behind)];
    for (let back = 1; back <= behind; back += 1) number(this.lines.at(-back), wanted.at(-back));
    for (let index = 0; index < before; index += 1) number(this.lines[index], wanted[index]);
  }

  /** The place of the character at `offset` on the page; of the text's end the place behind the last one. */
  rect(offset) {
    let left = offset;
    for (const line of this.lines) {
      if (left <= line.length) return within(line, left);
      left -= line.length + 1;
    }
    return this.element.getBoundingClientRect();
  }

  /** The piece at a point of the page, and its rectangle there; null when there is none of that `kind`. */
  pieceAt(x, y, kind) {
    for (const line of this.lines) {
      const box = line.segments.some((segment) => segment.kind.startsWith(kind)) && line.element.getBoundingClientRect();
      if (!box || y < box.top || y > box.bottom) continue;
      for (const [index, segment] of line.segments.entries()) {
        if (!segment.kind.startsWith(kind)) continue;
        const rect = [...line.nodes[index].getClientRects()].find((part) => holds(part, x, y));
        if (rect) return { piece: segment.piece, rect };
      }
    }
    return null;
  }

  line({ heading, segments, length }, old) {
    const element = old?.element ?? this.element.ownerDocument.createElement("div");
    element.className = heading ? "heading" : "";
    const nodes = old ? redrawn(element, old, segments) : segments.map((segment) => drawn(element, segment));
    if (!old) element.append(...nodes);
    return { element, nodes, heading, segments, length };
  }
}

/** Draws the segments of a line anew where they differ. */
function redrawn(element, old, segments) {
  const { before, behind } = same(old.segments, segments, isSameSegment);
  const gone = old.nodes.slice(before, old.nodes.length - behind);
  const fresh = segments.slice(before, segments.length - behind);
  const follower = old.nodes[old.nodes.length - behind] ?? null;
  const nodes = fresh.map((segment, index) => {
    const node = gone[index];
    if (node && old.segments[before + index].kind === segment.kind) return rewritten(node, segment.text);
    const made = drawn(element, segment);
    if (node) node.replaceWith(made);
    else element.insertBefore(made, follower);
    return made;
  });
  for (const node of gone.slice(fresh.length)) node.remove();
  return [...old.nodes.slice(0, before), ...nodes, ...old.nodes.slice(old.nodes.length - behind)];
}

/** As a whole: to change a part of a text among thousands of others takes Chromium a hundred times as long. */
function rewritten(node, text) {
  (node.firstChild ?? node).data = text;
  return node;
}

function drawn(element, { text, kind }) {
  const page = element.ownerDocument;
  if (!kind) return page.createTextNode(text);
  const span = page.createElement("span");
  span.className = kind;
  span.append(text);
  return span;
}

/** How many begin and end alike: what stands between them differs. */
function same(old, wanted, isSame) {
  const most = Math.min(old.length, wanted.length);
  let before = 0;
  while (before < most && isSame(old[before], wanted[before])) before += 1;
  let behind = 0;
  while (behind < most - before && isSame(old.at(-1 - behind), wanted.at(-1 - behind))) behind += 1;
  return { before, behind };
}

function isSameLine(one, other) {
  return (
    one.heading === other.heading &&
    one.segments.length === other.segments.length &&
    one.segments.every((segment, index) => isSameSegment(segment, other.segments[index]))
  );
}

function isSameSegment(one, other) {
  return one.kind === other.kind && one.text === other.text;
}

/** Pieces are counted from the beginning of the text: a line that stays as it is may hold others than before. */
function number(line, wanted) {
  line.segments = wanted.segments;
}

function within({ element, nodes, segments }, offset) {
  let left = offset;
  for (const [index, { text }] of segments.entries()) {
    if (left < text.length || (left === text.length && index === segments.length - 1)) {
      const range = element.ownerDocument.createRange();
      const bare = nodes[index].firstChild ?? nodes[index];
      range.setStart(bare, left);
      range.collapse(true);
      return range.getClientRects()[0] ?? element.getBoundingClientRect();
    }
    left -= text.length;
  }
  return element.getBoundingClientRect();
}

function holds({ left, right, top, bottom }, x, y) {
  return x >= left && x <= right && y >= top && y <= bottom;
}
