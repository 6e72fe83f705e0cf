// Which names a field may have, and which characters cannot be seen: chains/templates/names.py and chains/unseen.py.

const MOST = 100;
const PLAIN = /^[\p{XID_Start}_\p{Nd}][\p{XID_Continue}-]*$/u;
const INVISIBLE =
  "\\x00-\\x08\\x0e-\\x1b\\x7f-\\x9f\\xad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f" +
  "\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb\\u{16fe4}\\u{1bca0}-\\u{1bca3}" +
  "\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}";
const EMOJI =
  "\\xa9\\xae\\u203c\\u2049\\u2122\\u2139\\u2194-\\u21aa\\u231a-\\u23ff\\u24c2\\u25aa-\\u27bf\\u2934\\u2935\\u2b05-\\u2b55" +
  "\\u3030\\u303d\\u3297\\u3299\\u{1f000}-\\u{1faff}";
const JOINED =
  "\\u0600-\\u109f\\u1700-\\u18af\\u1900-\\u1cff\\ua800-\\uabff\\ufb50-\\ufdff\\ufe70-\\ufefc\\u{10a00}-\\u{10fff}" +
  "\\u{11000}-\\u{11fff}";
const UNSEEN = new RegExp(`[${INVISIBLE}]`, "u");
// Of Unicode's digits that are no decimals these alone may stand in an identifier.
const NUMBER = /^_*[\p{Nd}\u1369-\u1371\u19da][\p{Nd}\u1369-\u1371\u19da_]*$/u;
const RESERVED = new Set(["self", "stop"]);
// What is part of an emoji, or of a script's writing, stays unmarked: who marks it takes the picture or the word apart.
const MARKED = new RegExp(
  "\\u{1f3f4}[\\u{e0030}-\\u{e0039}\\u{e0061}-\\u{e007a}]{3,6}\\u{e007f}" +
    `|(?:(?<=[${EMOJI}])|(?<=[${EMOJI}]\\ufe0f))\\u200d(?=[${EMOJI}])` +
    `|(?<=[${EMOJI}#*0-9])[\\ufe0e\\ufe0f]` +
    `|(?<=[${JOINED}])(?<![${INVISIBLE}])[\\u200c\\u200d]` +
    "|(?<=[\\u1820-\\u18aa])[\\u180b-\\u180f]" +
    `|(?<unseen>[${INVISIBLE}])`,
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
