// Status and figures: what a glance at a run should tell.

import { duration, fill, several, speed } from "./format.js";
import { set } from "./parts.js";

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
  if (run.ended) return [run.status, ended({ words, run, shown })];
  if (run.count > 1) {
    const counts = { done: run.done + run.failed, items: run.count, failed: run.failed };
    return ["streaming", fill(several(words, words.batch, run.count), counts)];
  }
  if (run.status === "queued") return ["queued", words.queued];
  if (item.retries.length && !item.chunks.length) {
    return ["waiting", fill(words.retrying, { attempt: item.retries.at(-1).attempt + 1 })];
  }
  return shown.chunks ? ["streaming", words.streaming] : ["waiting", words.waiting];
}

function ended({ words, run, shown }) {
  if (run.count > 1 && run.failed && run.status === "done") {
    return fill(several(words, words.done_batch, run.count), { failed: run.failed, items: run.count });
  }
  const word = words.statuses[run.status] ?? run.status;
  const sentence = Array.isArray(word) ? several(words, word, shown.chunks) : word;
  return fill(sentence, { chunks: shown.chunks, time: duration(run.elapsed()) });
}

/** An item that never came to its end shares the fate of its run; see runs/record.py. */
function itemStatus(run, item) {
  if (item.ended) return item.ended.status;
  if (!run.ended) return item.start === null ? "queued" : "running";
  return run.status === "interrupted" ? "interrupted" : "stopped";
}

function drawItems({ parts, words, run, item, index }) {
  parts.itemRow.hidden = run.count < 2;
  if (run.count < 2) return;
  const status = words.item_statuses[itemStatus(run, item)];
  set(parts.itemText, fill(words.item, { item: index + 1, items: run.count, status }));
  parts.earlier.disabled = index === 0;
  parts.later.disabled = index >= run.count - 1;
}
