// One run on the screen: its status and figures, its answer chunk by chunk, its troubles. Live, kept and replayed runs
// take the same way.

import { close, open } from "../live/runs.js";
import { readSwitches, writeSwitches } from "./browser.js";
import { Column } from "./column.js";
import { listen } from "./controls.js";
import { drawHead } from "./head.js";
import { AnswerPane } from "./pane.js";
import { set, template } from "./parts.js";
import { Replay } from "./replay.js";
import { drawTroubles } from "./troubles.js";

const TICK_MS = 100;
const STRIP_MS = 500;
const AT_ONCE = 3;
const FRAME_MS = 16;

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
    this.only = new AnswerPane(this.parts);
    this.columns = []; // of a run with parallel branches, one each
    this.switches = readSwitches();
    this.run = this.replay = this.drawn = null;
    this.index = 0;
    this.draws = [];
    this.frame = this.timer = this.stripAt = 0;
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
    if (this.replay && this.run.id !== data.run) this.endReplay();
    this.arrange(data.branches);
    this.only.pick = data.selects ? (index) => setTriggerValue("chunk", index) : null;
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
    if (this.panes.some((pane) => pane.text.boundaries !== this.drawing.boundaries)) this.redraw();
    this.only.pin(data.mark);
  }

  /** Makes a column for each branch, or gives the room to the only answer. */
  arrange(names) {
    const { parts, words } = this;
    if (names.join() !== this.columns.map(({ name }) => name).join()) {
      this.columns = names.map((name) => new Column(name));
      parts.columns.replaceChildren(...this.columns.map(({ root }) => root));
      parts.frame.hidden = names.length > 0;
      if (names.length) parts.columns.before(parts.notes);
      else parts.frame.prepend(parts.notes);
    }
    this.only.words = words;
    for (const column of this.columns) column.label(words);
  }

  /** The answers on the screen. */
  get panes() {
    return this.columns.length ? this.columns.map(({ pane }) => pane) : [this.only];
  }

  /** Says again what depends on the moment, in a language that was just chosen. */
  translate() {
    set(this.parts.replay, this.replay ? this.words.replay_end : this.words.replay);
    this.head();
    for (const pane of this.panes) pane.mark(pane.marked);
  }

  /** The switches; where chunks can be chosen there is a span for each, also while their boundaries are not shown. */
  get drawing() {
    const { boundaries, spaces } = this.switches;
    return { boundaries: boundaries || this.data.selects, spaces, bare: !boundaries };
  }

  follow(id) {
    this.forget();
    this.run = open(id, this.data.items);
    this.run.listeners.add(this.news);
    this.index = this.data.item;
    for (const pane of this.panes) pane.sticks = true;
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
    if (this.drawn !== this.item) this.redraw(); // the run was taken anew
    if (!this.replay) for (const pane of this.panes) pane.draw(!this.run.ended);
    this.follows();
    if (this.run.ended) this.finish();
    if (!this.timer) this.tick();
  }

  /** Draws all anew: of another item, with other switches, or for a replay that begins or ends. */
  redraw() {
    const { columns, item, replay } = this;
    this.drawn = item;
    for (const { name, pane } of columns) {
      const step = item.step(name);
      pane.show(step, this.drawing, replay && new Replay(step, replay));
    }
    if (!columns.length) this.only.show(item, this.drawing, replay);
    this.head();
  }

  /** What changes slowly: figures ten times a second, the strip twice, for as long as the run goes on. */
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
    for (const column of this.columns) column.draw({ words, run, index });
    // What is said above the answer takes of its room.
    this.follows();
  }

  strip() {
    if (this.data.text) for (const pane of this.panes) pane.strip();
  }

  follows() {
    if (!this.cameLive && !this.replay) return;
    for (const pane of this.panes) pane.follows();
  }

  finish() {
    for (const pane of this.panes) pane.settle();
    if (!this.data.report || this.reported === this.run.id || this.run.unknown) return;
    this.reported = this.run.id;
    this.report("ended", this.run.id);
  }

  // --- what a person does

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
  }

  startReplay() {
    if (!this.run.ended) return;
    this.replay = new Replay(this.item);
    for (const pane of this.panes) pane.sticks = true;
    this.redraw();
    set(this.parts.replay, this.words.replay_end);
    const step = () => {
      if (!this.replay) return;
      for (const pane of this.panes) pane.draw(false);
      this.follows();
      if (this.replay.arrived() >= this.item.chunks.length) this.endReplay();
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
