// The strip below the answer: a bar a chunk, as high as the wait before it.

const FLOOR_MS = 1;

/** Draws the gaps between successive chunks with text; the tallest of those that share a column counts. */
export function drawGaps(canvas, item, marked) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width) return;
  const scale = devicePixelRatio || 1;
  if (canvas.width !== width * scale) {
    canvas.width = width * scale;
    canvas.height = height * scale;
  }
  const pen = canvas.getContext("2d");
  const style = getComputedStyle(canvas);
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  const gaps = gapsOf(item);
  if (!gaps.length) return;
  const step = Math.max(3, Math.min(8, Math.floor(width / gaps.length)));
  const columns = Math.floor(width / step);
  const each = Math.max(1, gaps.length / columns);
  const top = Math.log10(Math.max(100, ...tallest(gaps)) / FLOOR_MS);
  for (let column = 0; column * each < gaps.length && column < columns; column += 1) {
    let best = gaps[Math.floor(column * each)];
    for (let i = Math.floor(column * each); i < Math.min(gaps.length, Math.floor((column + 1) * each)); i += 1) {
      if (gaps[i].ms > best.ms) best = gaps[i];
    }
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
  const step = Math.max(3, Math.min(8, Math.floor(canvas.clientWidth / gaps.length)));
  const each = Math.max(1, gaps.length / Math.floor(canvas.clientWidth / step));
  return gaps[Math.floor(Math.floor(x / step) * each)]?.index ?? null;
}

function gapsOf(item) {
  item.gaps ??= { list: [], read: 0, before: null };
  const kept = item.gaps;
  for (; kept.read < item.chunks.length; kept.read += 1) {
    const { text, at } = item.chunks[kept.read];
    if (!text) continue;
    kept.list.push({ index: kept.read, ms: at - (kept.before ?? item.start ?? at) });
    kept.before = at;
  }
  return kept.list;
}

function tallest(gaps) {
  let most = 0;
  for (const { ms } of gaps) if (ms > most) most = ms;
  return [most];
}
