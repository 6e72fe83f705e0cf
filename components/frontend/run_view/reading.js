// What is said of one chunk.

import { exact, fill } from "./format.js";

/** Number, time, gap, length and kind of chunk number `index` of an item. */
export function read(words, item, index) {
  const { chunks, start } = item;
  const chunk = chunks[index];
  let before = index - 1;
  while (before >= 0 && !chunks[before].readable) before -= 1;
  return fill(words.chunk, {
    number: index + 1,
    of: chunks.length,
    at: exact(chunk.at - (start ?? 0)),
    gap: chunk.readable && before >= 0 ? exact(chunk.at - chunks[before].at) : "–",
    characters: [...chunk.text].length,
    kind: words.kinds[chunk.kind] ?? chunk.kind,
  });
}
