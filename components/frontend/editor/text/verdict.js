// What Python found wrong with a text, at the pieces that the browser has found in it.

/** How a field holds a text: its lines end with a line feed alone. */
export function held(text) {
  return text.replace(/\r\n?/g, "\n");
}

/**
 * `pieces` as Python judges them, with `sentences`: what is wrong with a piece, by its index. `judged` is the text that the
 * `problems` are of, with a line and a column in characters each; of another text than `text` they say nothing here.
 */
export function verdict(text, pieces, { judged, problems }) {
  if (held(judged) !== text) return { pieces, sentences: new Map() };
  if (!problems.length) return { pieces: pieces.map(sound), sentences: new Map() };
  const places = offsets(judged, problems);
  const marked = places.reduce((known, place) => withErrorAt(known, text, place), pieces);
  const sentences = new Map();
  for (const [index, place] of places.entries()) {
    const piece = marked.findIndex((one) => one.start <= place && place < one.end);
    if (piece >= 0) sentences.set(piece, [...(sentences.get(piece) ?? []), problems[index].text]);
  }
  return { pieces: marked, sentences };
}

/** The browser may know fewer letters than Python; that decides. */
function sound(piece) {
  return piece.kind === "error" ? { ...piece, kind: "variable" } : piece;
}

/** Where the problems are in the text as a field holds it, in UTF-16 units. */
function offsets(judged, problems) {
  const lines = judged.split("\n");
  const starts = [0];
  for (const line of lines) starts.push(starts.at(-1) + line.length + 1);
  return problems.map(({ line, column }) => {
    const before = [...(lines[line - 1] ?? "")].slice(0, column - 1).join("");
    return held(judged.slice(0, starts[line - 1] ?? 0)).length + held(before).length;
  });
}

/** Makes the piece at a place an error; where there is none, what stands there up to the next space or piece. */
function withErrorAt(pieces, text, place) {
  const found = pieces.findIndex((piece) => place < piece.end);
  const next = found < 0 ? pieces.length : found;
  if (pieces[next]?.start <= place) return pieces.with(next, { ...pieces[next], kind: "error" });
  const word = /^\S*/u.exec(text.slice(place, pieces[next]?.start))[0];
  return word ? pieces.toSpliced(next, 0, { start: place, end: place + word.length, kind: "error" }) : pieces;
}
