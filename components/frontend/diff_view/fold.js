// Which rows that are alike are folded away.

const AROUND = 3;
const LEAST = 4;
const LEAST_OF_ALL = 2;

/** The rows in order; of a long stretch that is alike the middle becomes one `{ folded: rows }`. */
export function fold(rows) {
  const found = [];
  let start = 0;
  while (start < rows.length) {
    let end = start + 1;
    const same = rows[start].kind === "same";
    while (end < rows.length && (rows[end].kind === "same") === same) end += 1;
    found.push(...(same ? folded(rows.slice(start, end), start > 0, end < rows.length) : rows.slice(start, end)));
    start = end;
  }
  return found;
}

/** What stands next to a change, `before` or `after` it, stays in sight. */
function folded(rows, before, after) {
  const first = before ? AROUND : 0;
  const last = Math.max(first, rows.length - (after ? AROUND : 0));
  const least = before || after ? LEAST : LEAST_OF_ALL;
  if (last - first < least) return rows;
  return [...rows.slice(0, first), { folded: rows.slice(first, last) }, ...rows.slice(last)];
}
