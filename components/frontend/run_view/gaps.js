// The strip below the answer: a bar a chunk, as high as the wait before it.

const FLOOR_MS = 1;

/** Draws the gaps between successive chunks with text; the tallest of those that share a column counts. */
export function drawGaps(canvas, item, marked) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width) return;
  const pen = scaled(canvas, width, height);
  const gaps = gapsOf(item);
  if (!gaps.length) return;
  const { step, each } = columns(width, gaps.length);
  const top = Math.log10(Math.max(100, gaps.reduce((most, { ms }) => Math.max(most, ms), 0)) / FLOOR_MS);
  const style = getComputedStyle(canvas);
  for (let column = 0; column * each < gaps.length; column += 1) {
    const best = tallest(gaps, Math.floor(column * each), Math.floor((column + 1) * each));
    const share = Math.max(0.06, Math.log10(Math.max(best.ms, FLOOR_MS) / FLOOR_MS) / top);
    const bar = Math.max(2, share * (height - 2));
    pen.fillStyle = best.index === marked ? style.getPropertyValue("--accent") : style.color;
    pen.fillRect(column * step, height - bar, step - 1, bar);
  }
}

/** The chunk below horizontal position `x` of the strip, or null. */
export function chunkAt(canvas, item, x) {
  const gaps = gapsOf(item);
  if (!gaps.length) return null;
  const { step, each } = columns(canvas.clientWidth, gaps.length);
  return gaps[Math.floor(Math.floor(x / step) * each)]?.index ?? null;
}

/** How wide a column is, in px, and how many gaps (1 or more, not whole) share one. */
function columns(width, count) {
  const step = Math.max(3, Math.min(8, Math.floor(width / count)));
  return { step, each: Math.max(1, count / Math.floor(width / step)) };
}

function tallest(gaps, from, to) {
  let best = gaps[from];
  for (let i = from + 1; i < Math.min(to, gaps.length); i += 1) if (gaps[i].ms > best.ms) best = gaps[i];
  return best;
}

function scaled(canvas, width, height) {
  const scale = devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

function gapsOf(item) {
  item.gaps ??= { list: [], read: 0, before: null };
  const kept = item.gaps;
  for (; kept.read < item.chunks.length; kept.read += 1) {
    const { readable, at } = item.chunks[kept.read];
    if (!readable) continue;
    kept.list.push({ index: kept.read, ms: at - (kept.before ?? item.start ?? at) });
    kept.before = at;
  }
  return kept.list;
}
