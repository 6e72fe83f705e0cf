// How long a text may be, in characters as Python counts them.

/** How many characters `text` has. */
export function characters(text) {
  let count = text.length;
  for (const _pair of text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)) count -= 1;
  return count;
}

/** Whether `text` has more than `most` characters. */
export function isOver(text, most) {
  return text.length > most && characters(text) > most;
}

/** `text` without the last `count` of its characters. */
export function shortened(text, count) {
  return [...text].slice(0, -count).join("");
}

/** What an edit that is about to be made inserts; null when it inserts nothing, or nobody can refuse it. */
export function inserted({ inputType, data, dataTransfer }) {
  if (inputType === "insertLineBreak" || inputType === "insertParagraph") return "\n";
  if (inputType === "insertCompositionText") return null;
  return (data ?? dataTransfer?.getData("text/plain"))?.replace(/\r\n?/g, "\n") || null;
}
