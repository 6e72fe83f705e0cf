// One run on the screen: its status and figures, its answer chunk by chunk, its troubles. Live, kept and replayed runs
// take the same way.

import { close, open } from "../live/runs.js";
import { copyText, readSwitches, writeSwitches } from "./browser.js";
import { exact, fill, several } from "./format.js";
import { chunkAt, drawGaps } from "./gaps.js";
import { drawHead } from "./head.js";
import { set, template } from "./parts.js";
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
    this.run = this.replay = this.marked = null;
    this.index = 0;
    this.draws = [];
    this.frame = this.timer = this.scrolling = this.stripAt = this.scrolledTo = 0;
    this.sticks = true;
    this.news = () => this.arrived();
    this.listen();
  }

  update({ data, setStateValue, setTriggerValue }) {
    const translated = this.words && this.words.language !== data.words.language;
    this.data = data;
    this.words = data.words;
    this.report = setStateValue;
    this.trigger = setTriggerValue;
    this.parts.label(this.words);
    this.parts.root.style.setProperty("--frame-height", `${data.height}px`);
    this.parts.root.classList.toggle("figures-only", !data.text);
    this.parts.root.classList.toggle("compact", data.compact);
    this.parts.simulated.hidden = !data.simulated;
    if (this.run?.id !== data.run) this.follow(data.run);
    else this.draw();
    if (translated) this.translate();
  }

  /** Says again what depends on the moment, in a language that was just chosen. */
  translate() {
    set(this.parts.replay, this.replay ? this.words.replay_end : this.words.replay);
    this.head();
    this.mark(this.marked);
  }

  follow(id) {
    if (this.replay) this.endReplay();
    this.forget();
    this.run = open(id);
    this.run.listeners.add(this.news);
    this.index = this.data.item;
    this.sticks = true;
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
    if (!this.run.ended || this.data.report) this.follows();
    if (this.run.ended) this.finish();
    if (!this.timer) this.tick();
  }

  redraw() {
    this.marked = null;
    this.text.reset(this.switches);
    if (!this.replay) this.text.draw(this.item.chunks);
    this.head();
    this.strip();
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
  }

  strip() {
    if (this.data.text && !this.data.compact) drawGaps(this.parts.strip, this.item, this.marked);
  }

  follows() {
    if (!this.sticks || this.scrolling) return;
    this.scrolling = requestAnimationFrame(() => {
      this.scrolling = 0;
      this.parts.box.scrollTop = this.parts.box.scrollHeight;
    });
  }

  finish() {
    this.text.settle();
    if (!this.data.report || this.reported === this.run.id || this.run.unknown) return;
    this.reported = this.run.id;
    this.report("ended", this.run.id);
  }

  // --- the reading of one chunk

  mark(index) {
    const chunk = index === null ? null : this.item.chunks[index];
    this.marked = chunk ? index : null;
    this.text.mark(this.marked);
    set(this.parts.reading, chunk ? this.reading(chunk, index) : this.words.reading);
    this.strip();
    return this.text.current;
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
    const { parts } = this;
    parts.boundaries.onclick = () => this.toggle("boundaries");
    parts.spaces.onclick = () => this.toggle("spaces");
    parts.copy.onclick = () => this.copy(this.item.chunks.filter(({ kind }) => kind === "text"), "");
    parts.copyParted.onclick = () => this.copy(this.item.chunks, parts.separator.value);
    parts.separator.value = this.switches.separator;
    parts.separator.oninput = () => {
      this.switches.separator = parts.separator.value;
      writeSwitches(this.switches);
    };
    parts.replay.onclick = () => (this.replay ? this.endReplay() : this.startReplay());
    parts.again.onclick = () => this.trigger("again", this.run.id);
    parts.earlier.onclick = () => this.choose(this.index - 1);
    parts.later.onclick = () => this.choose(this.index + 1);
    parts.itemNumber.onchange = () => this.choose(Math.round(Number(parts.itemNumber.value)) - 1);
    parts.box.addEventListener("scroll", () => this.scrolled(), { passive: true });
    parts.box.onpointermove = ({ target }) => this.point(target.chunk ?? null);
    parts.box.onpointerleave = () => this.point(null);
    parts.box.onblur = () => this.point(null);
    parts.box.onkeydown = (event) => this.key(event);
    parts.strip.onpointermove = ({ offsetX }) => this.point(chunkAt(parts.strip, this.item, offsetX));
    parts.strip.onpointerleave = () => this.point(null);
    this.press();
  }

  point(index) {
    if (this.run && index !== this.marked) this.mark(index);
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

  /** Shows another item of a batch, the nearest one to `index`; the script is told, for what it shows of the item. */
  choose(index) {
    if (this.replay) this.endReplay();
    this.index = Math.min(this.run.count - 1, Math.max(0, index));
    this.parts.itemNumber.value = String(this.index + 1);
    this.redraw();
    this.report("item", { run: this.run.id, item: this.index });
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
  }

  async copy(chunks, separator) {
    const text = chunks.map((chunk) => separator + chunk.text).join("");
    await copyText(text, this.parts.root);
    const said = several(this.words, this.words.copied, text.length);
    set(this.parts.reading, fill(said, { characters: text.length }));
  }

  startReplay() {
    if (!this.run.ended) return;
    this.replay = new Replay(this.item);
    this.sticks = true;
    this.text.reset(this.switches);
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
