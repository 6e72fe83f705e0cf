// Where two texts differ.

/** The smallest range of `old` that becomes `wanted` when `text` is put in its place; null when they are the same. */
export function difference(old, wanted) {
  if (old === wanted) return null;
  const most = Math.min(old.length, wanted.length);
  let start = 0;
  while (start < most && old.charCodeAt(start) === wanted.charCodeAt(start)) start += 1;
  if (start && isHigh(old.charCodeAt(start - 1))) start -= 1;
  let same = 0;
  while (same < most - start && old.charCodeAt(old.length - 1 - same) === wanted.charCodeAt(wanted.length - 1 - same)) {
    same += 1;
  }
  if (same && isLow(old.charCodeAt(old.length - same))) same -= 1;
  return { start, end: old.length - same, text: wanted.slice(start, wanted.length - same) };
}

/** No range begins or ends within a character. */
function isHigh(unit) {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit) {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
