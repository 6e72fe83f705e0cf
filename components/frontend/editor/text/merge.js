// Two changes to one text.

import { difference } from "./difference.js";

/** What `ours` and `theirs` together make of `base`; `ours` where both have changed the same place, or `base` is null. */
export function merged(base, ours, theirs) {
  if (base === null) return ours;
  const changes = [difference(base, ours), difference(base, theirs)];
  if (!changes[0]) return theirs;
  if (!changes[1]) return ours;
  const [first, second] = changes.sort((one, other) => one.start - other.start || one.end - other.end);
  if (first.end > second.start) return ours;
  return base.slice(0, first.start) + first.text + base.slice(first.end, second.start) + second.text + base.slice(second.end);
}

/** Where a place of a text is once `change` is made to it. */
export function moved(place, { start, end, text }) {
  if (place <= start) return place;
  return place < end ? start + text.length : place + text.length - (end - start);
}
