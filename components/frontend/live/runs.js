// What this page knows of runs: the events of each, gathered once and shared by all views of it.

import { follow, unfollow } from "./socket.js";

const KEPT = 4;
const AGAIN_MS = 3000;
const runs = new Map();

/** The run of that id with so many inputs, followed from its first event on. */
export function open(id, items) {
  let run = runs.get(id);
  if (!run) {
    run = new Run(id, items);
    runs.set(id, run);
    follow(id, run);
  }
  run.views += 1;
  return run;
}

/** Ends one view's interest; the runs that nobody views are forgotten, the oldest first. */
export function close(run) {
  run.views -= 1;
  const idle = [...runs.values()].filter((other) => other.views === 0);
  for (const old of idle.slice(0, Math.max(0, idle.length - KEPT))) {
    runs.delete(old.id);
    unfollow(old.id);
  }
}

/** Whether an `item_ended` is that of an answer which its limit of tokens ended. */
export function isCut({ status, finish_reason: reason }) {
  return status === "done" && (reason === "length" || reason === "max_tokens");
}

export class Item {
  constructor() {
    this.chunks = []; // {seq, at, kind, text, readable}: readable is what figures count, text or reasoning
    this.texts = 0; // how many of them are
    this.characters = 0;
    this.firstCharacters = 0;
    this.start = this.firstText = this.lastText = this.ended = this.usage = null;
    this.retries = [];
    this.steps = new Map(); // its parallel branches by name, each an item of its own; their chunks are this one's too
  }

  step(name) {
    if (!this.steps.has(name)) this.steps.set(name, new Item());
    return this.steps.get(name);
  }

  note(event) {
    if (event.step === undefined) {
      this.noteOwn(event);
    } else {
      this.step(event.step).noteOwn(event);
      if (event.type === "chunk") this.noteChunk(event);
    }
  }

  noteOwn(event) {
    switch (event.type) {
      case "item_started":
      case "step_started":
        this.start = event.at;
        break;
      case "chunk":
        this.noteChunk(event);
        break;
      case "retry":
        this.retries.push(event);
        break;
      case "usage":
        this.usage = event;
        break;
      case "item_ended":
      case "step_ended":
        this.ended = event;
    }
  }

  noteChunk({ seq, at, kind = "text", text }) {
    const readable = Boolean(text) && (kind === "text" || kind === "reasoning");
    this.chunks.push({ seq, at, kind, text, readable });
    if (!readable) return;
    const characters = [...text].length;
    if (this.firstText === null) {
      this.firstText = at;
      this.firstCharacters = characters;
    }
    this.lastText = at;
    this.texts += 1;
    this.characters += characters;
  }

  /** How many tokens came, or null, and whether that is an estimate; of steps the sum. */
  tokens() {
    if (this.steps.size) {
      const counted = [...this.steps.values()].map((step) => step.tokens());
      const known = counted.filter(([tokens]) => tokens !== null);
      const sum = known.reduce((all, [tokens]) => all + tokens, 0);
      return [known.length ? sum : null, counted.some(([, estimated]) => estimated)];
    }
    const estimated = !this.usage && this.characters > 0;
    return [this.usage?.output_tokens ?? (estimated ? Math.max(1, Math.round(this.characters / 4)) : null), estimated];
  }

  /** The figures by the definitions of chains/metrics.py; null where one is undefined. */
  figures() {
    const [tokens, estimated] = this.tokens();
    const first = this.texts >= tokens ? 1 : Math.max(1, Math.round((tokens * this.firstCharacters) / this.characters));
    const span = this.lastText - this.firstText;
    const speed = tokens !== null && this.texts && tokens - first >= 1 && span > 0 ? ((tokens - first) / span) * 1000 : null;
    return {
      ttft: this.firstText === null ? null : this.firstText - this.start,
      e2e: this.lastText === null ? null : this.lastText - this.start,
      chunks: this.texts,
      estimated,
      speed,
    };
  }
}

class Run {
  constructor(id, expected) {
    this.id = id;
    this.expected = expected;
    this.views = 0;
    this.listeners = new Set();
    this.lost = false;
    this.again = false;
    this.clear();
  }

  /** Forgets the events, to take them all anew. */
  clear() {
    this.last = -1;
    this.ended = null; // the run_ended event
    this.started = null;
    this.status = "queued";
    this.unknown = false;
    this.items = new Map();
    this.over = this.done = this.failed = this.incomplete = this.cut = 0; // how many items have ended, and how
    this.began = null; // performance.now() when the run began, by the server's word
  }

  /** How many inputs the run has; before it begins, as whoever views it was told. */
  get count() {
    return this.started?.items ?? this.expected;
  }

  item(index) {
    if (!this.items.has(index)) this.items.set(index, new Item());
    return this.items.get(index);
  }

  take(frame) {
    if (frame.error) {
      this.unknown = true;
      this.ended = { status: "unknown" };
    }
    if (frame.end && !this.ended) this.startAnew();
    if (frame.now) this.began = performance.now() - frame.now;
    for (const event of frame.events ?? []) {
      if (event.seq !== this.last + 1) continue; // seen before the connection was lost
      this.last = event.seq;
      this.note(event);
    }
    this.tell();
  }

  /**
   * The server has given all that it has, and we miss the end: it crashed, and keeps less than we had seen. Or another
   * process runs it: then there is more after a while.
   */
  startAnew() {
    if (this.again) {
      setTimeout(() => runs.get(this.id) === this && follow(this.id, this), AGAIN_MS);
      return;
    }
    this.again = true;
    this.clear();
    follow(this.id, this);
  }

  note(event) {
    if (event.type === "run_started") {
      this.status = "running";
      this.started = event;
      this.began ??= performance.now() - event.at;
    } else if (event.type === "run_ended") {
      this.status = event.status;
      this.ended = event;
    } else {
      this.item(event.item ?? 0).note(event);
      if (event.type !== "item_ended") return;
      this.over += 1;
      if (event.status === "failed") this.failed += 1;
      else if (event.status === "done") this.done += 1;
      else if (event.status === "incomplete") this.incomplete += 1;
      if (isCut(event)) this.cut += 1;
    }
  }

  connected(yes) {
    this.lost = !yes;
    this.tell();
  }

  /** Milliseconds since the run began, or as long as it took. */
  elapsed() {
    if (this.ended) return this.ended.at ?? 0;
    return this.began === null ? 0 : performance.now() - this.began;
  }

  tell() {
    for (const listener of this.listeners) listener();
  }
}
