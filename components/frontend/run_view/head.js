// Status and figures: what a glance at a run should tell.

import { isCut } from "../live/runs.js";
import { count, duration, fill, several, speed } from "./format.js";
import { set } from "./parts.js";

// What is said of a silence changes in such steps: a screen reader says each change.
const SILENT_MS = 5_000;

/** Draws the head of a view: `shown` are the figures of the item, live or in replay. */
export function drawHead({ parts, words, run, item, index, replay }) {
  const shown = replay ? replay.figures() : item.figures();
  const [state, text] = status({ words, run, item, replay, shown });
  parts.status.dataset.status = run.status;
  parts.status.dataset.state = state;
  set(parts.statusText, text);
  set(parts.ttft, duration(shown.ttft));
  set(parts.chunks, String(shown.chunks));
  set(parts.speed, speed(shown));
  drawTime({ parts, words, run, replay, shown });
  parts.lost.hidden = !run.lost || Boolean(run.ended);
  drawItems({ parts, words, run, item, index });
}

function drawTime({ parts, words, run, replay, shown }) {
  // After the end of a single item its E2E stands where the time ran.
  const e2e = run.ended && !replay && run.count === 1 && shown.e2e !== null;
  set(parts.elapsedLabel, e2e ? words.e2e : words.elapsed);
  parts.elapsedPair.title = e2e ? words.e2e_help : words.elapsed_help;
  const running = replay ? replay.now() : run.elapsed();
  set(parts.elapsed, duration(e2e ? shown.e2e : running));
}

/** A state for the mark and a word for the reader. */
function status({ words, run, item, replay, shown }) {
  if (replay) return ["replay", words.replaying];
  if (run.unknown) return ["unknown", words.unknown];
  if (run.ended) return [run.status, run.count > 1 ? endedBatch(words, run) : ended({ words, run, item, shown })];
  if (run.count > 1) {
    const numbers = { ...counts(run), done: count(run.over) };
    return ["streaming", fill(several(words, words.batch, run.count), numbers)];
  }
  if (run.status === "queued") return ["queued", words.queued];
  return item.retries.length && !item.chunks.length ? retrying(words, item) : flowing({ words, run, item, shown });
}

function ended({ words, run, item, shown }) {
  if (run.status === "incomplete" && item.steps.size) {
    const done = [...item.steps.values()].filter(({ ended: end }) => end?.status === "done").length;
    return fill(several(words, words.branches_done, item.steps.size), { done, branches: item.steps.size });
  }
  const word = words.statuses[run.status] ?? run.status;
  const sentence = Array.isArray(word) ? several(words, word, shown.chunks) : word;
  const text = fill(sentence, { chunks: count(shown.chunks), time: duration(run.elapsed()) });
  return text + cutWord(words, item);
}

/** Ends of a batch that have a sentence of their own. */
const KINDS = [
  ["all_done", (run) => run.status === "done" && !run.failed],
  ["all_incomplete", (run) => run.status === "failed" && run.incomplete > 0],
];

/** Of a batch the items are counted; chunks are those of one item, and stand beside it. */
function endedBatch(words, run) {
  const kind = KINDS.find(([, fits]) => fits(run))?.[0] ?? run.status;
  const word = words.batch_statuses[kind] ?? run.status;
  const text = fill(Array.isArray(word) ? several(words, word, run.count) : word, counts(run));
  return run.cut ? `${text} · ${fill(words.batch_cut, counts(run))}` : text;
}

function counts(run) {
  return {
    done: count(run.done),
    items: count(run.count),
    failed: count(run.failed),
    incomplete: count(run.incomplete),
    cut: count(run.cut),
  };
}

/** An item that never came to its end shares the fate of its run; see runs/record.py. */
function itemStatus(run, item) {
  if (item.ended) return item.ended.status;
  if (!run.ended) return item.start === null ? "queued" : "running";
  return run.status === "interrupted" ? "interrupted" : "stopped";
}

function drawItems({ parts, words, run, item, index }) {
  placeFigures(parts, run);
  parts.ttftPair.hidden = parts.speedPair.hidden = item.steps.size > 0;
  parts.itemRow.hidden = run.count < 2;
  if (run.count < 2) return;
  const status = words.item_statuses[itemStatus(run, item)];
  const cut = cutWord(words, item);
  const [before, after] = fill(words.item, { items: count(run.count) }).split("{item}");
  set(parts.itemBefore, before.trim());
  set(parts.itemText, after.trim());
  set(parts.itemStatus, status + cut);
  if (!isTyping(parts.itemNumber)) parts.itemNumber.value = String(index + 1);
  parts.itemNumber.max = String(run.count);
  set(parts.itemE2e, duration(item.figures().e2e));
  parts.earlier.disabled = index === 0;
  parts.later.disabled = index >= run.count - 1;
}

/** A state for the mark of one branch and a word for the reader; `shown` are its figures. */
export function branchStatus({ words, run, item, replay, shown }) {
  if (replay) return ["replay", words.replaying];
  const kind = itemStatus(run, item);
  if (kind === "queued") return [kind, words.queued];
  if (kind !== "running") return [kind, words.item_statuses[kind] + cutWord(words, item)];
  return shown.chunks || !item.retries.length ? flowing({ words, run, item, shown }) : retrying(words, item);
}

function flowing({ words, run, item, shown }) {
  if (!shown.chunks) return ["waiting", words.waiting];
  const steps = Math.floor((run.elapsed() - item.chunks.at(-1).at) / SILENT_MS);
  return ["streaming", steps > 0 ? fill(words.silent, { time: duration(steps * SILENT_MS) }) : words.streaming];
}

function retrying(words, item) {
  return ["waiting", fill(words.retrying, { attempt: item.retries.at(-1).attempt + 1 })];
}

function cutWord(words, item) {
  return item.ended && isCut(item.ended) ? ` · ${words.cut}` : "";
}

/** The figures of one answer stand with the item that they are of: in the head where it is the only one. */
function placeFigures(parts, run) {
  const place = run.count > 1 ? parts.itemFigures : parts.figures;
  if (parts.ttftPair.parentElement === place) return;
  place.prepend(parts.ttftPair, parts.chunksPair, parts.speedPair);
  if (run.count > 1) place.append(parts.itemE2ePair);
}

function isTyping(field) {
  return field.getRootNode().activeElement === field;
}
