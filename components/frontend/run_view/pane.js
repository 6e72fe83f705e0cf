// One answer: its text chunk by chunk, the strip of its gaps, and the reading of one chunk.

import { chunkAt, drawGaps } from "./gaps.js";
import { set } from "./parts.js";
import { read } from "./reading.js";
import { AnswerText } from "./text.js";

const NEAR_END_PX = 24;

export class AnswerPane {
  /** `parts` holds the elements box, answer, strip and reading. */
  constructor(parts) {
    this.parts = parts;
    this.text = new AnswerText(parts.answer);
    this.item = this.words = this.marked = this.pinned = this.replay = null;
    this.pick = null; // who is told the index of a chunk that was chosen, -1 when the choice was let go
    this.scrolling = this.scrolledTo = 0;
    this.sticks = true;
    this.listen();
  }

  /** Empties the pane and shows an item in it from its first chunk on; in a replay they come one by one. */
  show(item, switches, replay = null) {
    this.item = item;
    this.replay = replay;
    this.parts.answer.classList.toggle("bare", switches.bare);
    this.text.reset(switches);
    if (!replay) this.text.draw(item.chunks);
    this.mark(this.pinned);
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
    this.say(chunk ? read(this.words, this.item, index) : this.words.reading);
    this.strip();
    return this.text.current;
  }

  say(text) {
    set(this.parts.reading, text);
  }

  /** Marks the chunk that was chosen, here or in a chart, and brings it into sight; other marks come and go before it. */
  pin(index) {
    if (this.pinned === index) return;
    this.pinned = index;
    this.mark(index)?.scrollIntoView({ block: "nearest" });
  }

  /** Takes note that the answer has ended: all of its chunks are there. */
  settle() {
    this.text.settle();
    if (this.marked === null && this.pinned !== null) this.mark(this.pinned)?.scrollIntoView({ block: "nearest" });
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
    box.onclick = ({ target }) => this.choose(target.chunk ?? null);
    box.onkeydown = (event) => this.key(event);
    strip.onpointermove = ({ offsetX }) => this.point(this.item && chunkAt(strip, this.item, offsetX));
    strip.onpointerleave = () => this.point(null);
  }

  point(index) {
    const shown = index ?? this.pinned;
    if (this.item && shown !== this.marked) this.mark(shown);
  }

  /** Tells that a chunk was chosen; a press and a release on different chunks choose none. */
  choose(index) {
    if (index !== null) this.pick?.(index);
  }

  key(event) {
    const steps = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && this.pick) this.choose(this.marked);
    else if (event.key === "Escape") this.release();
    else if (event.key in steps) this.step(steps[event.key]);
    else return;
    event.preventDefault();
  }

  release() {
    this.mark(null);
    if (this.pinned !== null) this.pick?.(-1);
  }

  /** Only a scroll upwards lets go of the end: text may have come since the view scrolled down by itself. */
  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.parts.box;
    if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) this.sticks = true;
    else if (scrollTop < this.scrolledTo) this.sticks = false;
    this.scrolledTo = scrollTop;
  }
}
