// What went wrong, what to do, and (folded) the provider's own words.

import { isCut } from "../live/runs.js";
import { duration, fill } from "./format.js";
import { element, set } from "./parts.js";

/** Draws retries and the error of an item, if there are any; only when they have changed. */
export function drawTroubles({ parts, words, run, item, index, again }) {
  const error = item.ended?.error ?? run.ended?.error ?? null;
  const cut = item.ended !== null && isCut(item.ended);
  const what = `${error?.code ?? ""}/${cut}/${again}/${words.language}`;
  const key = `${run.id}/${index}/${item.retries.length}/${what}`;
  if (parts.notes.drawn === key) return;
  parts.notes.drawn = key;
  parts.notes.hidden = !error && !cut && !item.retries.length;
  parts.cut.hidden = !cut;
  parts.retries.replaceChildren(...item.retries.map((retry) => element("li", "", attempt(words, retry))));
  parts.trouble.hidden = !error;
  if (!error) return;
  parts.trouble.dataset.code = error.code;
  set(parts.what, sentence(words, error, 0));
  set(parts.todo, sentence(words, error, 1));
  parts.detail.hidden = !error.detail;
  set(parts.detailText, error.detail ?? "");
  parts.again.hidden = !again;
}

function attempt(words, retry) {
  const reason = sentence(words, retry.error, 0);
  return fill(words.retry, { attempt: retry.attempt, reason, wait: duration(retry.wait_ms) });
}

/** Sentence number `which` of an outcome: what happened, or what to do; in the reader's language where it is known. */
export function sentence(words, error, which) {
  const known = words.outcomes?.[error.code]?.[which];
  return known ? fill(known, values(words, error)) : [error.message, error.hint][which];
}

/** What fills the sentences of an outcome or of a phrase in it; see chains/phrases.py. */
function values(words, said) {
  const filled = { ...said.values };
  for (const [name, phrase] of Object.entries(said.phrases ?? {})) {
    const known = words.phrases[phrase.code];
    if (known) filled[name] = fill(known, values(words, phrase));
  }
  return filled;
}
