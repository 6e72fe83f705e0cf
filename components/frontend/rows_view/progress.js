// How far a batch is: a bar in two colours, the time that is left, and the filter of the rows.

import { count, duration, fill } from "../run_view/format.js";
import { element, set } from "../run_view/parts.js";

const KINDS = ["all", "done", "failed", "open"];

export class Progress {
  constructor(chosen) {
    this.root = element("div", "progress");
    this.bar = element("div", "bar");
    this.bar.setAttribute("role", "progressbar");
    this.bar.setAttribute("aria-valuemin", "0");
    this.done = element("i", "done");
    this.failed = element("i", "failed");
    this.bar.append(this.done, this.failed);
    this.filter = element("div", "filter");
    this.filter.setAttribute("role", "group");
    this.buttons = Object.fromEntries(KINDS.map((kind) => [kind, filterButton(kind, chosen)]));
    this.left = element("span", "left");
    this.filter.append(...Object.values(this.buttons), this.left);
    this.root.append(this.bar, this.filter);
  }

  label(words) {
    this.bar.setAttribute("aria-label", words.progress);
    this.filter.setAttribute("aria-label", words.filter);
  }

  draw(run, words, wanted) {
    const { done, failed, open } = counts(run);
    this.done.style.width = `${(100 * done) / run.count}%`;
    this.failed.style.width = `${(100 * failed) / run.count}%`;
    this.bar.setAttribute("aria-valuemax", run.count);
    this.bar.setAttribute("aria-valuenow", done + failed);
    const numbers = { all: run.count, done, failed, open };
    for (const kind of KINDS) {
      const button = this.buttons[kind];
      set(button, fill(words.kinds[kind], { count: count(numbers[kind]) }));
      button.setAttribute("aria-pressed", kind === wanted);
      button.disabled = kind !== wanted && !numbers[kind];
    }
    set(this.left, timeLeft(run, done + failed, words));
    this.bar.setAttribute("aria-valuetext", `${this.buttons.done.textContent}, ${this.buttons.failed.textContent}`);
  }
}

function filterButton(kind, chosen) {
  const button = element("button");
  button.type = "button";
  button.dataset.kind = kind;
  button.dataset.testid = `rows-${kind}`;
  button.onclick = () => chosen(kind);
  return button;
}

function counts({ count, done, failed }) {
  return { done, failed, open: count - done - failed };
}

/** By the pace so far; nothing before the first items have ended, and after the last. */
function timeLeft(run, ended, words) {
  if (run.ended || !ended) return "";
  return fill(words.left, { time: duration((run.elapsed() / ended) * (run.count - ended)) });
}
