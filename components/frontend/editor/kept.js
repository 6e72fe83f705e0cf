// What was typed just before a field went, for the one that comes in its place: in this tab, in the same draft, and soon.

import { held } from "./text/verdict.js";

const BEGIN = "template ";
const LONGEST_MS = 60_000;

/**
 * Keeps a text that Python may not have got before the field of `data` goes: it belongs in place of the text of revision
 * `of`, and, for the session may be another, of one of `over`.
 */
export function keep(page, { key, draft }, kept) {
  // The address may name the draft before Python gives its name here; behind a step back it may be another page's.
  const named = draft || (new URL(page.location).searchParams.get("draft") ?? "");
  try {
    page.sessionStorage.setItem(BEGIN + key, JSON.stringify({ ...kept, draft: named, at: Date.now() }));
  } catch {
    // No room, or no storage at all: it was told too.
  }
}

/** The text that was kept for the field of what Python gives, once; null when there is none. */
export function back(page, { key, text: given, revision, draft }) {
  try {
    clear(page.sessionStorage, draft);
    const found = read(page.sessionStorage, BEGIN + key);
    page.sessionStorage.removeItem(BEGIN + key);
    const isSame = found.of === revision || (found.draft === draft && found.over?.includes(held(given)));
    return isSame ? (found.text ?? null) : null;
  } catch {
    return null;
  }
}

/** Forgets what is of another draft or too old. What was typed before there was a name for its draft may be of this one. */
function clear(storage, draft) {
  const mayBelong = (kept) => [draft, ""].includes(kept.draft) && Date.now() - kept.at < LONGEST_MS;
  for (const key of Object.keys(storage).filter((key) => key.startsWith(BEGIN))) {
    if (!mayBelong(read(storage, key))) storage.removeItem(key);
  }
}

function read(storage, key) {
  try {
    return JSON.parse(storage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}
