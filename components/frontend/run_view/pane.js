// One answer: its text chunk by chunk, the strip of its gaps, and the reading of one chunk.

import { exact, fill, several } from "./format.js";
import { chunkAt, drawGaps } from "./gaps.js";
import { set } from "./parts.js";
import { AnswerText } from "./text.js";

const NEAR_END_PX = 24;

export class AnswerPane {
  /** `parts` holds the elements box, answer, strip and reading. */
  constructor(parts) {
    this.parts = parts;
    this.text = new AnswerText(parts.answer);
    this.item = this.words = this.marked = this.replay = null;
    this.scrolling = this.scrolledTo = 0;
    this.sticks = true;
    this.listen();
  }

  /** Empties the pane and shows an item in it from its first chunk on; in a replay they come one by one. */
  show(item, switches, replay = null) {
    this.item = item;
    this.replay = replay;
    this.marked = null;
    this.text.reset(switches);
    if (!replay) this.text.draw(item.chunks);
  }

  /** Draws what is new; `live` says that more may come. */
  draw(live) {
    if (this.replay) this.text.draw(this.item.chunks, this.replay.arrived());
    else this.text.draw(this.item.chunks, this.item.chunks.length, live);
  }

  strip() {
    if (this.item) drawGaps(this.parts.strip, this.item, this.marked);
  }

  follows() {
    if (!this.sticks || this.scrolling) return;
    this.scrolling = requestAnimationFrame(() => {
      this.scrolling = 0;
      this.parts.box.scrollTop = this.parts.box.scrollHeight;
    });
  }

  // --- the reading of one chunk

  mark(index) {
    const chunk = index === null ? null : this.item.chunks[index];
    this.marked = chunk ? index : null;
    this.text.mark(this.marked);
    this.say(chunk ? this.reading(chunk, index) : this.words.reading);
    this.strip();
    return this.text.current;
  }

  say(text) {
    set(this.parts.reading, text);
  }

  reading(chunk, index) {
    const { words, item } = this;
    let before = index - 1;
    while (before >= 0 && !item.chunks[before].readable) before -= 1;
    const characters = [...chunk.text].length;
    return fill(several(words, words.chunk, characters), {
      number: index + 1,
      of: item.chunks.length,
      at: exact(chunk.at - (item.start ?? 0)),
      gap: chunk.readable && before >= 0 ? exact(chunk.at - item.chunks[before].at) : "–",
      characters,
      kind: words.kinds[chunk.kind] ?? chunk.kind,
    });
  }

  step(by) {
    const last = this.item.chunks.length - 1;
    if (last < 0) return;
    const from = this.marked ?? (by > 0 ? -1 : last + 1);
    this.mark(Math.min(last, Math.max(0, from + by)))?.scrollIntoView({ block: "nearest" });
  }

  // --- what a person does

  listen() {
    const { box, strip } = this.parts;
    box.addEventListener("scroll", () => this.scrolled(), { passive: true });
    box.onpointermove = ({ target }) => this.point(target.chunk ?? null);
    box.onpointerleave = () => this.point(null);
    box.onblur = () => this.point(null);
    box.onkeydown = (event) => this.key(event);
    strip.onpointermove = ({ offsetX }) => this.point(this.item && chunkAt(strip, this.item, offsetX));
    strip.onpointerleave = () => this.point(null);
  }

  point(index) {
    if (this.item && index !== this.marked) this.mark(index);
  }

  key(event) {
    const steps = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") this.mark(null);
    else if (event.key in steps) this.step(steps[event.key]);
    else return;
    event.preventDefault();
  }

  /** Only a scroll upwards lets go of the end: text may have come since the view scrolled down by itself. */
  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.parts.box;
    if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) this.sticks = true;
    else if (scrollTop < this.scrolledTo) this.sticks = false;
    this.scrolledTo = scrollTop;
  }
}
