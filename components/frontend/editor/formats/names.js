// Which names a field may have: chains/templates/names.py, in the browser.

const MOST = 100;
const PLAIN = /^[\p{XID_Start}_\p{Nd}][\p{XID_Continue}-]*$/u;
const INVISIBLE =
  "\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164" +
  "\\ufe00-\\ufe0f\\ufeff\\uffa0\\u{16fe4}\\u{e0000}-\\u{e0fff}\\x00-\\x08\\x0e-\\x1b\\x7f-\\x9f\\xad";
const UNSEEN = new RegExp(`[${INVISIBLE}]`, "u");
// Of Unicode's digits that are no decimals these alone may stand in an identifier.
const NUMBER = /^_*[\p{Nd}\u1369-\u1371\u19da][\p{Nd}\u1369-\u1371\u19da_]*$/u;
const RESERVED = new Set(["self", "stop"]);
// Joiners and variation selectors inside an emoji belong to it: who marks them takes the picture apart.
const MARKED = new RegExp(
  `(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f])[\\u200d\\ufe0e\\ufe0f]|(?<=[#*0-9])\\ufe0f` +
    `|(?<=\\u{1f3f4}[\\u{e0000}-\\u{e0fff}]*)[\\u{e0000}-\\u{e0fff}]|(?<unseen>[${INVISIBLE}])`,
  "gu",
);

/** Whether LangChain takes `name` in both formats; inside a section a name that it keeps for itself does no harm. */
export function isPlain(name, inside = false) {
  if (!PLAIN.test(name) || UNSEEN.test(name) || NUMBER.test(name)) return false;
  if (RESERVED.has(name)) return inside;
  return name.length <= MOST || [...name].length <= MOST;
}

/** The places of the characters in `text` that cannot be seen: [start, end], in UTF-16 units. */
export function unseen(text) {
  if (!UNSEEN.test(text)) return [];
  return [...text.matchAll(MARKED)]
    .filter((match) => match.groups.unseen !== undefined)
    .map((match) => [match.index, match.index + match[0].length]);
}
