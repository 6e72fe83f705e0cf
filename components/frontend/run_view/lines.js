// Where the last line of a growing text begins. Both ask the browser for the layout: not to be called for every chunk.

/** The span with which the last line begins that begins with one; null when that is the first line. */
export function lineStartOfSpan(part) {
  const { left, top } = part.getBoundingClientRect();
  for (let span = part.lastElementChild; span; span = span.previousElementSibling) {
    const [box] = span.getClientRects();
    if (!box || box.left - left > 1 || !span.textContent) continue;
    return box.top - top > box.height ? span : null;
  }
  return null;
}

/** The offset at which the last line of a text node begins; null when it has one line only. */
export function lineStartOfText(node) {
  const range = document.createRange();
  const top = (offset) => {
    range.setStart(node, offset);
    range.setEnd(node, offset + 1);
    return range.getBoundingClientRect().top;
  };
  const last = top(node.length - 1);
  let [low, high] = [0, node.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (top(middle) < last) low = middle + 1;
    else high = middle;
  }
  return low > 0 && top(low - 1) < top(low) ? low : null;
}
