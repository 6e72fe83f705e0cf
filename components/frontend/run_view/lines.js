// Where the last line of a growing text begins. Both ask the browser for the layout: not to be called for every chunk.

/** The span in which the last line begins and the offset there, which is above 0 where a chunk goes over the end of a
 * line (most do: tokens begin with a space); null when that is the first line. */
export function lineStartOfSpan(part) {
  const { left, top } = part.getBoundingClientRect();
  for (let span = part.lastElementChild; span; span = span.previousElementSibling) {
    const boxes = span.getClientRects();
    if (!boxes.length || !span.textContent) continue;
    const offset = boxes.length > 1 ? lineStartOfText(span.firstChild) : null;
    if (offset !== null) return [span, offset];
    if (boxes[0].left - left > 1) continue;
    return boxes[0].top - top > boxes[0].height ? [span, 0] : null;
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
