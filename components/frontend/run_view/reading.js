// What is said of one chunk.

import { exact, fill, several } from "./format.js";

/** Number, time, gap, length and kind of chunk number `index` of an item. */
export function read(words, item, index) {
  const { chunks, start } = item;
  const chunk = chunks[index];
  let before = index - 1;
  while (before >= 0 && !chunks[before].readable) before -= 1;
  const characters = [...chunk.text].length;
  return fill(several(words, words.chunk, characters), {
    number: index + 1,
    of: chunks.length,
    at: exact(chunk.at - (start ?? 0)),
    gap: chunk.readable && before >= 0 ? exact(chunk.at - chunks[before].at) : "–",
    characters,
    kind: words.kinds[chunk.kind] ?? chunk.kind,
  });
}
