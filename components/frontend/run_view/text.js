// The answer as it comes: appended, never drawn again. Bare text while boundaries are off, a span a chunk when on.
//
// A browser lays out a paragraph anew whenever something is appended to it, so a long one would cost ever more. While a
// run is live its text is therefore parted into blocks where a line begins anyway: only the last is laid out anew.
// When the run has ended, `settle` makes the blocks one flowing text again.

import { lineStartOfSpan, lineStartOfText } from "./lines.js";

const BLOCK_CHUNKS = 100;
const BLOCK_CHARACTERS = 600;

// A line may still end behind a space that is seen: by a space of no width.
const VISIBLE = { " ": "·\u200b", "\n": "↵\n", "\t": "→\t", "\r": "␍" };
const PACKET_MS = 1;

export class AnswerText {
  constructor(box) {
    this.box = box;
    this.current = null;
    this.reset({ boundaries: true, spaces: false });
  }

  /** Empties the box and begins again with these switches. */
  reset({ boundaries, spaces }) {
    this.boundaries = boundaries;
    this.spaces = spaces;
    this.drawn = 0;
    this.number = 0;
    this.lastAt = null;
    this.lastSpan = null;
    this.kind = null;
    this.part = null;
    this.current = null;
    this.spans = [];
    this.length = 0;
    this.splits = [];
    this.box.replaceChildren();
    this.rest();
  }

  /** Draws what is new of `chunks`, up to number `stop`; `live` says that more may come. */
  draw(chunks, stop = chunks.length, live = false) {
    if (this.drawn > stop) this.reset(this);
    if (this.drawn === stop) return;
    if (this.boundaries) this.drawSpans(chunks, stop);
    else this.drawText(chunks, stop);
    this.drawn = stop;
    if (live) this.close();
  }

  /** Makes the blocks of a live text one flowing text. */
  settle() {
    this.rest();
    for (const [head, rest] of this.splits.splice(0)) {
      rest.textContent = head.textContent + rest.textContent;
      rest.className = head.className;
      head.remove();
    }
  }

  rest() {
    this.live = false;
    this.box.classList.remove("live");
  }

  /** Closes the last block at the beginning of its last line, when it has grown long enough. */
  close() {
    if (!this.live) this.box.classList.add("live");
    this.live = true;
    if (this.length < (this.boundaries ? BLOCK_CHUNKS : BLOCK_CHARACTERS)) return;
    this.length = 0;
    if (this.boundaries) this.closeSpans(this.part);
    else this.closeText(this.part.firstChild);
  }

  closeSpans(part) {
    const start = lineStartOfSpan(part);
    if (!start) return;
    const [first, offset] = start;
    const from = offset ? this.split(first, offset) : first;
    const rest = [...part.children].slice([...part.children].indexOf(from));
    this.open(this.kind);
    this.part.append(...rest);
  }

  /** A chunk on both sides of a line's end is two spans, until the blocks are one text again; gives the second. */
  split(head, offset) {
    const rest = head.cloneNode();
    rest.chunk = head.chunk;
    rest.textContent = head.textContent.slice(offset);
    head.textContent = head.textContent.slice(0, offset);
    head.classList.remove("last");
    rest.classList.remove("first");
    rest.classList.add("rest");
    head.after(rest);
    this.spans[rest.chunk] = rest;
    this.lastSpan = this.lastSpan === head ? rest : this.lastSpan;
    this.current = this.current === head ? rest : this.current;
    this.splits.push([head, rest]);
    return rest;
  }

  closeText(node) {
    const start = lineStartOfText(node);
    if (start === null) return;
    const rest = node.data.slice(start);
    node.deleteData(start, rest.length);
    this.open(this.kind);
    this.part.firstChild.appendData(rest);
  }

  drawText(chunks, stop) {
    let text = "";
    for (let i = this.drawn; i < stop; i += 1) {
      const chunk = chunks[i];
      if (!chunk.text) continue;
      if (chunk.kind !== this.kind) {
        this.flush(text);
        text = "";
        this.open(chunk.kind);
      }
      text += chunk.text;
    }
    this.flush(text);
  }

  flush(text) {
    if (!text) return;
    this.part.firstChild.appendData(this.shown(text));
    this.length += text.length;
  }

  drawSpans(chunks, stop) {
    const fragment = document.createDocumentFragment();
    for (let i = this.drawn; i < stop; i += 1) {
      const { text, kind } = chunks[i];
      if (!this.part || (text && kind !== this.kind)) {
        this.part?.append(fragment);
        this.open(text ? kind : "text");
      }
      fragment.append(this.span(chunks[i], i));
      this.length += 1;
    }
    this.part.append(fragment);
  }

  open(kind) {
    this.kind = kind;
    this.part = document.createElement("div");
    this.part.className = `part ${kind}`;
    this.length = 0;
    if (!this.boundaries) this.part.append("");
    this.box.append(this.part);
  }

  span(chunk, index) {
    const span = document.createElement("span");
    span.chunk = index;
    this.spans[index] = span;
    if (!chunk.text) {
      span.className = "tick";
      return span;
    }
    const packet = this.lastAt !== null && chunk.at - this.lastAt < PACKET_MS;
    span.className = this.number % 2 ? "chunk odd" : "chunk";
    if (packet) {
      span.className += " packet last";
      this.lastSpan.classList.remove("last");
      if (!this.lastSpan.classList.contains("packet")) this.lastSpan.classList.add("packet", "first");
    }
    span.textContent = this.shown(chunk.text);
    this.number += 1;
    this.lastAt = chunk.at;
    this.lastSpan = span;
    return span;
  }

  shown(text) {
    return this.spaces ? text.replace(/[ \n\t\r]/g, (character) => VISIBLE[character]) : text;
  }

  /** Marks the span of chunk number `index` and returns it; null takes the mark away. */
  mark(index) {
    this.current?.classList.remove("current");
    this.current = index === null ? null : (this.spans[index] ?? null);
    this.current?.classList.add("current");
    return this.current;
  }
}
