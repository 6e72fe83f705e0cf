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
    return answer.ok ? lines(await answer.json()) : [];
  } catch {
    known.delete(id);
    return [];
  }
}

/** One line an item; that of a run with variants begins with its variant's name. */
function lines({ inputs, variants }) {
  return inputs.map((input, item) => [variants?.[item], oneLine(input)].filter(Boolean).join(" · "));
}

function oneLine(input) {
  const values = Object.values(input).map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  return values.join(" · ");
}
