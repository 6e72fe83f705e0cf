// One run on the screen: its status and figures, its answer chunk by chunk, its troubles. Live, kept and replayed runs
// take the same way.

import { duration, exact, fill, speed } from "./format.js";
import { chunkAt, drawGaps } from "./gaps.js";
import { element, template } from "./run_view_parts.js";
import { close, open } from "./runs.js";
import { AnswerText } from "./text.js";

const TICK_MS = 100;
const STRIP_MS = 250;
const AT_ONCE = 3;
const FRAME_MS = 16;
const SWITCHES = "lcel.run-view";

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
    this.switches = { boundaries: true, spaces: false, ...readSwitches() };
    this.run = null;
    this.index = 0;
    this.replay = null;
    this.marked = null;
    this.draws = [];
    this.frame = this.timer = 0;
    this.stripAt = 0;
    this.sticks = true;
    this.news = () => this.arrived();
    this.listen();
  }

  update({ data, setStateValue, setTriggerValue }) {
    this.data = data;
    this.words = data.words;
    this.report = setStateValue;
    this.trigger = setTriggerValue;
    this.parts.label(this.words);
    this.parts.root.style.setProperty("--frame-height", `${data.height}px`);
    this.parts.root.classList.toggle("figures-only", !data.text);
    this.parts.simulated.hidden = !data.simulated;
    if (this.run?.id !== data.run) this.follow(data.run);
    else this.arrived();
  }

  follow(id) {
    this.forget();
    this.run = open(id);
    this.run.listeners.add(this.news);
    this.index = 0;
    this.replay = null;
    this.sticks = true;
    this.redraw();
    this.arrived();
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
    if (this.replay === null) this.text.draw(this.item.chunks);
    if (this.run.ended) this.finished();
    else this.follows();
    if (!this.timer) this.tick();
  }

  redraw() {
    this.marked = null;
    this.text.reset(this.switches);
    if (this.replay === null) this.text.draw(this.item.chunks);
    this.figures();
  }

  /** What changes slowly: figures ten times a second, the strip four times, for as long as the run goes on. */
  tick() {
    this.timer = 0;
    if (!this.run) return;
    this.figures();
    const now = performance.now();
    if (now - this.stripAt > STRIP_MS || this.run.ended) {
      this.stripAt = now;
      this.strip();
    }
    if (!this.run.ended || this.replay !== null) this.timer = setTimeout(() => this.tick(), TICK_MS);
  }

  follows() {
    if (!this.sticks || this.scrolling) return;
    this.scrolling = requestAnimationFrame(() => {
      this.scrolling = 0;
      this.parts.box.scrollTop = this.parts.box.scrollHeight;
    });
  }

  finished() {
    if (this.data.report && this.reported !== this.run.id && this.run.ended.status !== "unknown") {
      this.reported = this.run.id;
      this.report("ended", this.run.id);
    }
  }

  strip() {
    if (this.data.text && this.run) drawGaps(this.parts.strip, this.item, this.marked);
  }

  // --- status and figures

  figures() {
    const { run, item, words, parts } = this;
    const shown = this.replay === null ? item.figures() : this.replay.figures();
    const [state, text] = this.status(shown);
    parts.status.dataset.status = run.status;
    parts.status.dataset.state = state;
    set(parts.statusText, text);
    set(parts.ttft, duration(shown.ttft));
    set(parts.chunks, String(shown.chunks));
    set(parts.speed, speed(shown));
    const ended = run.ended && this.replay === null;
    const single = !run.started || run.started.items === 1;
    set(parts.elapsedLabel, ended && single && shown.e2e !== null ? words.e2e : words.elapsed);
    parts.elapsedPair.title = ended && single ? words.e2e_help : words.elapsed_help;
    set(parts.elapsed, duration(this.elapsed(shown, ended && single)));
    parts.lost.hidden = !run.lost || Boolean(run.ended);
    this.items();
    this.trouble();
  }

  elapsed(shown, ended) {
    if (this.replay !== null) return this.replay.now();
    if (ended && shown.e2e !== null) return shown.e2e;
    return this.run.elapsed();
  }

  status(shown) {
    const { run, item, words } = this;
    if (this.replay !== null) return ["replay", words.replaying];
    if (run.unknown) return ["unknown", words.unknown];
    const after = { chunks: shown.chunks, time: duration(run.elapsed()) };
    if (run.ended) {
      const batch = run.started?.items > 1;
      const word = words.statuses[run.status] ?? run.status;
      return [run.status, batch && run.status === "done" ? words.done_batch : fill(word, after)];
    }
    if (run.started?.items > 1) {
      const counts = { done: run.done + run.failed, items: run.started.items, failed: run.failed };
      return ["streaming", fill(words.batch, counts)];
    }
    if (run.status === "queued") return ["queued", words.queued];
    if (item.retries.length && !item.chunks.length) {
      const retry = item.retries.at(-1);
      return ["waiting", fill(words.retrying, { attempt: retry.attempt + 1 })];
    }
    return shown.chunks ? ["streaming", words.streaming] : ["waiting", words.waiting];
  }

  items() {
    const { run, parts, words } = this;
    const count = run.started?.items ?? 1;
    parts.itemRow.hidden = count < 2;
    if (count < 2) return;
    const position = { item: this.index + 1, items: count };
    set(parts.itemText, fill(words.item, { ...position, status: this.item.ended?.status ?? "…" }));
    parts.earlier.disabled = this.index === 0;
    parts.later.disabled = this.index >= count - 1;
  }

  trouble() {
    const { run, item, parts, words } = this;
    const ended = item.ended;
    const error = ended?.error ?? run.ended?.error ?? null;
    const lines = item.retries.map((retry) => {
      const wait = { attempt: retry.attempt, reason: sentence(words, retry.error, 0), wait: duration(retry.wait_ms) };
      return fill(words.retry, wait);
    });
    const key = `${run.id}/${this.index}/${lines.length}/${error?.code ?? ""}/${this.data.again}`;
    if (key === this.troubleKey) return;
    this.troubleKey = key;
    parts.retries.replaceChildren(...lines.map((line) => element("li", "", line)));
    parts.trouble.hidden = !error;
    if (!error) return;
    parts.trouble.dataset.code = error.code;
    set(parts.what, sentence(words, error, 0));
    set(parts.todo, sentence(words, error, 1));
    parts.detail.hidden = !error.detail;
    set(parts.detailText, error.detail ?? "");
    parts.again.hidden = !this.data.again;
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
    while (before >= 0 && !item.chunks[before].text) before -= 1;
    const at = chunk.at - (item.start ?? 0);
    const gap = chunk.text && before >= 0 ? exact(chunk.at - item.chunks[before].at) : "–";
    const kind = words.kinds[chunk.kind] ?? chunk.kind;
    const characters = [...chunk.text].length;
    return fill(words.chunk, { number: index + 1, of: item.chunks.length, at: exact(at), gap, characters, kind });
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
    parts.copy.onclick = () => this.copy("");
    parts.copyParted.onclick = () => this.copy(parts.separator.value);
    parts.separator.oninput = () => writeSwitches({ ...this.switches, separator: parts.separator.value });
    parts.separator.value = this.switches.separator ?? "!!";
    parts.replay.onclick = () => (this.replay === null ? this.startReplay() : this.endReplay());
    parts.again.onclick = () => this.trigger("again", this.run.id);
    parts.earlier.onclick = () => this.choose(this.index - 1);
    parts.later.onclick = () => this.choose(this.index + 1);
    parts.box.addEventListener("scroll", () => this.scrolled(), { passive: true });
    parts.box.onpointermove = ({ target }) => target.chunk !== undefined && target.chunk !== this.marked && this.mark(target.chunk);
    parts.box.onpointerleave = () => this.mark(null);
    parts.box.onkeydown = (event) => this.key(event);
    parts.box.onblur = () => this.mark(null);
    parts.strip.onpointermove = ({ offsetX }) => {
      const index = chunkAt(parts.strip, this.item, offsetX);
      if (index !== this.marked) this.mark(index);
    };
    parts.strip.onpointerleave = () => this.mark(null);
    this.pressed();
  }

  key(event) {
    const steps = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
    if (event.key === "Escape") this.mark(null);
    else if (event.key in steps && !event.ctrlKey && !event.metaKey && !event.altKey) this.step(steps[event.key]);
    else return;
    event.preventDefault();
  }

  scrolled() {
    const { box } = this.parts;
    this.sticks = box.scrollHeight - box.scrollTop - box.clientHeight < 24;
  }

  choose(index) {
    this.index = index;
    this.redraw();
    this.strip();
  }

  toggle(name) {
    this.switches[name] = !this.switches[name];
    writeSwitches(this.switches);
    this.pressed();
    if (this.replay !== null) this.endReplay();
    else this.redraw();
  }

  pressed() {
    this.parts.boundaries.setAttribute("aria-pressed", this.switches.boundaries);
    this.parts.spaces.setAttribute("aria-pressed", this.switches.spaces);
  }

  async copy(separator) {
    const text = this.item.chunks.map((chunk) => separator + chunk.text).join("");
    await toClipboard(text, this.parts.root);
    set(this.parts.reading, fill(this.words.copied, { characters: text.length }));
  }

  startReplay() {
    if (!this.run.ended) return;
    this.replay = new Replay(this.item);
    this.sticks = true;
    this.text.reset(this.switches);
    set(this.parts.replayText, this.words.replay_end);
    const step = () => {
      if (this.replay === null) return;
      this.text.draw(this.item.chunks, this.replay.arrived());
      this.follows();
      if (this.replay.over()) this.endReplay();
      else this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
    this.tick();
  }

  endReplay() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.replay = null;
    set(this.parts.replayText, this.words.replay);
    this.redraw();
  }
}

/** An ended item as it came, at its own pace. */
class Replay {
  constructor(item) {
    this.item = item;
    this.from = performance.now();
    this.stop = 0;
  }

  now() {
    return performance.now() - this.from;
  }

  arrived() {
    const { chunks, start } = this.item;
    while (this.stop < chunks.length && chunks[this.stop].at - start <= this.now()) this.stop += 1;
    return this.stop;
  }

  over() {
    return this.stop >= this.item.chunks.length;
  }

  figures() {
    const texts = this.item.chunks.slice(0, this.stop).filter(({ text }) => text).length;
    const { ttft } = this.item.figures();
    return { ttft: texts ? ttft : null, e2e: null, chunks: texts, speed: null, estimated: false };
  }
}

function sentence(words, error, which) {
  const known = words.outcomes?.[error.code]?.[which];
  return known ? fill(known, error.values ?? {}) : [error.message, error.hint][which];
}

function set(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

async function toClipboard(text, root) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Only a secure context has the clipboard; over plain http a selection is copied instead.
  const area = element("textarea", "offscreen");
  area.value = text;
  root.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function readSwitches() {
  try {
    return JSON.parse(localStorage.getItem(SWITCHES)) ?? {};
  } catch {
    return {};
  }
}

function writeSwitches(switches) {
  try {
    localStorage.setItem(SWITCHES, JSON.stringify(switches));
  } catch {
    // Storage may be forbidden; the switches then last as long as the page.
  }
}
