// One row of a batch: number, state, input, text as it comes, TTFT, E2E; when open, all of the answer or its trouble.

import { count, duration, fill, several } from "../run_view/format.js";
import { element, set } from "../run_view/parts.js";
import { sentence } from "../run_view/troubles.js";

const TAIL = 160;
const HEAD = 300;

const texts = new WeakMap(); // item → {upto, text}

export function newRow() {
  const row = element("div", "row");
  row.setAttribute("role", "row");
  const parts = { line: element("div", "line") };
  for (const name of ["number", "status", "input", "text", "ttft", "e2e"]) {
    parts[name] = element("span", name);
    parts[name].setAttribute("role", "gridcell");
    parts.line.append(parts[name]);
  }
  parts.word = element("span", "word");
  parts.status.append(element("i", "mark"), parts.word);
  row.append(parts.line);
  row.parts = parts;
  return row;
}

export function drawRow(row, { run, index, input, words, isOpen }) {
  const { parts } = row;
  const item = run.items.get(index);
  const status = statusOf(run, index);
  const figures = item?.figures();
  set(parts.number, String(index + 1));
  row.dataset.status = status;
  parts.status.dataset.state = status === "running" ? (figures.chunks ? "streaming" : "waiting") : status;
  set(parts.word, words.statuses[status]);
  set(parts.input, input ?? "");
  set(parts.text, line(item, status, words));
  parts.text.classList.toggle("error", status === "failed");
  set(parts.ttft, duration(figures?.ttft));
  set(parts.e2e, duration(figures?.e2e));
  parts.detail?.root.toggleAttribute("hidden", !isOpen);
  if (isOpen) drawDetail(row, { item, input, words, figures });
}

/** What is known of an item by now; one that never came to its end shares the fate of its run (runs/record.py). */
export function statusOf(run, index) {
  const item = run.items.get(index);
  if (item?.ended) return item.ended.status;
  if (!run.ended) return item && item.start !== null ? "running" : "queued";
  return run.status === "interrupted" ? "interrupted" : "stopped";
}

/** One line: the trouble, else the end of what comes, else the beginning of what came; of each branch by its name. */
function line(item, status, words) {
  if (!item) return "";
  if (item.ended?.error) return sentence(words, item.ended.error, 0);
  if (!item.steps.size) return short(textOf(item), status);
  return [...item.steps].map(([name, step]) => `${name}: ${short(textOf(step), status)}`).join(" · ");
}

function short(text, status) {
  if (status !== "running") return text.slice(0, HEAD).replace(/\s+/g, " ");
  const tail = text.slice(-TAIL).replace(/\s+/g, " ");
  return text.length > TAIL ? `… ${tail}` : tail;
}

/** All of it; of parallel branches each below its name, as runs/record.py has it. */
function wholeOf(item) {
  if (!item.steps.size) return textOf(item);
  return [...item.steps].map(([name, step]) => `# ${name}\n\n${textOf(step)}`).join("\n\n");
}

function textOf(item) {
  let known = texts.get(item);
  if (!known) texts.set(item, (known = { upto: 0, text: "" }));
  for (; known.upto < item.chunks.length; known.upto++) {
    const { kind, text } = item.chunks[known.upto];
    if (kind === "text") known.text += text;
  }
  return known.text;
}

function drawDetail(row, { item, input, words, figures }) {
  const detail = (row.parts.detail ??= newDetail(row));
  const error = item?.ended?.error ?? null;
  detail.root.setAttribute("aria-label", words.detail);
  set(detail.input, input ?? "");
  set(detail.error, error ? `${sentence(words, error, 0)} ${sentence(words, error, 1)}` : "");
  detail.error.hidden = !error;
  set(detail.text, item ? wholeOf(item) : "");
  set(detail.figures, figures ? figuresLine(figures, words) : words.not_begun);
}

function newDetail(row) {
  const detail = { root: element("div", "detail") };
  detail.root.tabIndex = 0;
  detail.root.setAttribute("role", "region");
  for (const name of ["input", "error", "text", "figures"]) {
    detail[name] = element("p", name);
    detail.root.append(detail[name]);
  }
  detail.text.dataset.testid = "row-text";
  row.append(detail.root);
  return detail;
}

function figuresLine(figures, words) {
  return fill(several(words, words.figures, figures.chunks), {
    ttft: duration(figures.ttft),
    e2e: duration(figures.e2e),
    chunks: count(figures.chunks),
  });
}
