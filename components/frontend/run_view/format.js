// Figures as people read them.

const DASH = "–";

/** `312 ms` below one second, `1.24 s` from there on, `2 min 05 s` from two minutes on; a dash for null. */
export function duration(ms) {
  if (ms === null || ms === undefined) return DASH;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** A time with one decimal, for readings of single chunks. */
export function exact(ms) {
  return ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(3)} s`;
}

export function speed(figures) {
  if (figures.speed === null) return DASH;
  const shown = figures.speed < 10 ? figures.speed.toFixed(1) : Math.round(figures.speed).toString();
  return `${figures.estimated ? "~" : ""}${shown} tok/s`;
}

/** The form of a sentence for `count`; `forms` are all of them, each behind a count that takes it. */
export function several(words, forms, count) {
  const rules = new Intl.PluralRules(words.language);
  const kind = rules.select(count);
  return (forms.find(([like]) => rules.select(like) === kind) ?? forms.at(-1))[1];
}

/** A count as people write it here: `1,000`. */
export function count(number) {
  return number.toLocaleString();
}

/** `message` with each `{name}` of `values` filled in. */
export function fill(message, values) {
  return message.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
