// One run on the screen: its status and figures, its answer chunk by chunk, its troubles. Live, kept and replayed runs
// take the same way.

import { close, open } from "../live/runs.js";
import { readSwitches, writeSwitches } from "./browser.js";
import { listen } from "./controls.js";
import { drawGaps } from "./gaps.js";
import { drawHead } from "./head.js";
import { set, template } from "./parts.js";
import { read } from "./reading.js";
import { Replay } from "./replay.js";
import { AnswerText } from "./text.js";
import { drawTroubles } from "./troubles.js";

const TICK_MS = 100;
const STRIP_MS = 250;
const AT_ONCE = 3;
const FRAME_MS = 16;
const NEAR_END_PX = 24;

const views = new WeakMap();

/** Shows `component.data.run` in the component's root, or brings what is shown there up to date. */
export function show(component) {
  const root = component.parentElement;
  if (!views.has(root)) views.set(root, new RunView(root));
  views.get(root).update(component);
}

export function leave(root) {
  views.get(root)?.leave();
  views.delete(root);
}

class RunView {
  constructor(root) {
    this.parts = template(root);
    this.text = new AnswerText(this.parts.answer);
    this.switches = readSwitches();
    this.run = this.replay = this.marked = this.pinned = null;
    this.index = 0;
    this.draws = [];
    this.frame = this.timer = this.scrolling = this.stripAt = this.scrolledTo = 0;
    this.sticks = true;
    this.news = () => this.arrived();
    listen(this);
  }

  update({ data, setStateValue, setTriggerValue }) {
    const before = this.data;
    const translated = this.words && this.words.language !== data.words.language;
    this.data = data;
    this.words = data.words;
    this.report = setStateValue;
    this.trigger = setTriggerValue;
    this.parts.label(this.words);
    this.parts.root.style.setProperty("--frame-height", `${data.height}px`);
    this.parts.root.classList.toggle("figures-only", !data.text);
    this.parts.root.classList.toggle("with-rows", data.rows);
    this.parts.root.classList.toggle("compact", data.compact);
    this.parts.simulated.hidden = !data.simulated;
    if (this.run?.id !== data.run) {
      this.follow(data.run);
    } else {
      // Chosen among the rows; where the text was shown, the choice was made here.
      if (!before.text && data.item !== before.item) this.turn(data.item);
      this.draw();
      if (translated) this.translate();
    }
    this.shape();
    this.pin(data.mark);
  }

  /** Says again what depends on the moment, in a language that was just chosen. */
  translate() {
    set(this.parts.replay, this.replay ? this.words.replay_end : this.words.replay);
    this.head();
    this.mark(this.marked);
  }

  /** Where chunks can be chosen there is a span for each, also while their boundaries are not shown. */
  shape() {
    if (this.text.boundaries !== (this.switches.boundaries || this.data.selects)) this.redraw();
  }

  /** Marks the chunk that was chosen, here or in a chart, and brings it into sight; other marks come and go before it. */
  pin(index) {
    if (this.pinned === index) return;
    this.pinned = index;
    this.mark(index)?.scrollIntoView({ block: "nearest" });
  }

  follow(id) {
    if (this.replay) this.endReplay();
    this.forget();
    this.run = open(id, this.data.items);
    this.run.listeners.add(this.news);
    this.index = this.data.item;
    this.sticks = true;
    this.cameLive = this.data.report;
    this.redraw();
    this.draw();
  }

  forget() {
    if (!this.run) return;
    this.run.listeners.delete(this.news);
    close(this.run);
    this.run = null;
  }

  leave() {
    this.forget();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
  }

  get item() {
    return this.run.item(this.index);
  }

  // --- drawing: the first few draws of a frame at once, the rest with the frame

  arrived() {
    const now = performance.now();
    this.draws = this.draws.filter((at) => now - at < FRAME_MS);
    if (this.draws.length < AT_ONCE) {
      this.draws.push(now);
      this.draw();
    } else if (!this.frame) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.draw();
      });
    }
  }

  draw() {
    if (!this.run) return;
    if (!this.replay) this.text.draw(this.item.chunks, this.item.chunks.length, !this.run.ended);
    this.follows();
    if (this.run.ended) this.finish();
    if (!this.timer) this.tick();
  }

  redraw() {
    this.reset();
    if (!this.replay) this.text.draw(this.item.chunks);
    this.head();
    this.mark(this.pinned);
  }

  reset() {
    this.text.reset({ ...this.switches, boundaries: this.switches.boundaries || this.data.selects });
  }

  /** What changes slowly: figures ten times a second, the strip four times, for as long as the run goes on. */
  tick() {
    this.timer = 0;
    if (!this.run) return;
    this.head();
    const now = performance.now();
    if (now - this.stripAt > STRIP_MS || this.run.ended) {
      this.stripAt = now;
      this.strip();
    }
    if (!this.run.ended || this.replay) this.timer = setTimeout(() => this.tick(), TICK_MS);
  }

  head() {
    const { parts, words, run, item, index, replay } = this;
    drawHead({ parts, words, run, item, index, replay });
    drawTroubles({ parts, words, run, item, index, again: this.data.again });
    // What is said above the answer takes of its room.
    this.follows();
  }

  strip() {
    if (this.data.text && !this.data.compact) drawGaps(this.parts.strip, this.item, this.marked);
  }

  follows() {
    if (!this.sticks || this.scrolling || !(this.cameLive || this.replay)) return;
    this.scrolling = requestAnimationFrame(() => {
      this.scrolling = 0;
      this.parts.box.scrollTop = this.parts.box.scrollHeight;
    });
  }

  finish() {
    this.text.settle();
    if (this.marked === null && this.pinned !== null) this.mark(this.pinned)?.scrollIntoView({ block: "nearest" });
    if (!this.data.report || this.reported === this.run.id || this.run.unknown) return;
    this.reported = this.run.id;
    this.report("ended", this.run.id);
  }

  // --- the reading of one chunk

  mark(index) {
    const chunk = index === null ? null : this.item.chunks[index];
    this.marked = chunk ? index : null;
    this.text.mark(this.marked);
    set(this.parts.reading, chunk ? read(this.words, this.item, index) : this.words.reading);
    this.strip();
    return this.text.current;
  }

  step(by) {
    const last = this.item.chunks.length - 1;
    if (last < 0) return;
    const from = this.marked ?? (by > 0 ? -1 : last + 1);
    this.mark(Math.min(last, Math.max(0, from + by)))?.scrollIntoView({ block: "nearest" });
  }

  // --- what a person does

  point(index) {
    const shown = index ?? this.pinned;
    if (this.run && shown !== this.marked) this.mark(shown);
  }

  /** Tells that a chunk was chosen; a press and a release on different chunks choose none. */
  pick(index) {
    if (this.data.selects && index !== null) this.trigger("chunk", index);
  }

  key(event) {
    const steps = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && this.data.selects) this.pick(this.marked);
    else if (event.key === "Escape") this.release();
    else if (event.key in steps) this.step(steps[event.key]);
    else return;
    event.preventDefault();
  }

  release() {
    this.mark(null);
    if (this.pinned !== null) this.pick(-1);
  }

  /** Only a scroll upwards lets go of the end: text may have come since the view scrolled down by itself. */
  scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.parts.box;
    if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) this.sticks = true;
    else if (scrollTop < this.scrolledTo) this.sticks = false;
    this.scrolledTo = scrollTop;
  }

  /** Shows another item of a batch, the nearest one to `index`; the script is told, for what it shows of the item. */
  choose(index) {
    this.turn(index);
    this.report("item", { run: this.run.id, item: this.index });
  }

  turn(index) {
    if (this.replay) this.endReplay();
    this.index = Math.min(this.run.count - 1, Math.max(0, index));
    this.parts.itemNumber.value = String(this.index + 1);
    this.redraw();
  }

  toggle(name) {
    this.switches[name] = !this.switches[name];
    writeSwitches(this.switches);
    this.press();
    if (this.replay) this.endReplay();
    else this.redraw();
  }

  press() {
    this.parts.boundaries.setAttribute("aria-pressed", this.switches.boundaries);
    this.parts.spaces.setAttribute("aria-pressed", this.switches.spaces);
    this.parts.answer.classList.toggle("bare", !this.switches.boundaries);
  }

  startReplay() {
    if (!this.run.ended) return;
    this.replay = new Replay(this.item);
    this.sticks = true;
    this.reset();
    set(this.parts.replay, this.words.replay_end);
    const step = () => {
      if (!this.replay) return;
      this.text.draw(this.item.chunks, this.replay.arrived());
      this.follows();
      if (this.replay.over) this.endReplay();
      else this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
    this.tick();
  }

  endReplay() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.replay = null;
    set(this.parts.replay, this.words.replay);
    this.redraw();
  }
}
