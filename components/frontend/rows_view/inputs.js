// What each row of a batch was asked, as one line: fetched once a run, for it never changes.

const KEPT = 4;
const known = new Map();

/** The inputs of run `id`, a text each; none when the server does not give them. */
export function inputsOf(id) {
  if (!known.has(id)) {
    known.set(id, fetchInputs(id));
    for (const old of [...known.keys()].slice(0, Math.max(0, known.size - KEPT))) known.delete(old);
  }
  return known.get(id);
}

async function fetchInputs(id) {
  try {
    const answer = await fetch(new URL(`../../api/runs/${encodeURIComponent(id)}/inputs`, import.meta.url));
    return answer.ok ? (await answer.json()).inputs.map(oneLine) : [];
  } catch {
    known.delete(id);
    return [];
  }
}

function oneLine(input) {
  const values = Object.values(input).map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  return values.join(" · ");
}
