"""Characters that nobody sees: one set for names, templates, titles and diffs; the browser has the same.

They are Unicode's Default_Ignorable_Code_Point, Bidi_Control and format characters (Cf, but for those that are drawn
or arrange what is: the signs that stand before a number, and the controls of hieroglyphs), the line and paragraph
separators, and the control characters that are no white space. None may stand in a name.

In a text some are part of what is seen: a joiner or a variation selector within an emoji, the tags that spell the
flag of a region, the joiners of scripts that are written with them, and Mongolian's own selectors.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

_SET: Final = (
    "\x00-\x08\x0e-\x1b\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U00016fe4\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_EMOJI: Final = (
    "\xa9\xae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934\u2935\u2b05-\u2b55\u3030\u303d"
    "\u3297\u3299\U0001f000-\U0001faff"
)
_JOINED: Final = (
    "\u0600-\u109f\u1700-\u18af\u1900-\u1cff\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00010fff"
    "\U00011000-\U00011fff"
)
"""Scripts whose letters are written with joiners."""

INVISIBLE: Final = re.compile(f"[{_SET}]")

_HIDDEN: Final = re.compile(
    "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
    f"|(?:(?<=[{_EMOJI}])|(?<=[{_EMOJI}]\ufe0f))\u200d(?=[{_EMOJI}])"
    f"|(?<=[{_EMOJI}#*0-9])[\ufe0e\ufe0f]"
    f"|(?<=[{_JOINED}])(?<![{_SET}])[\u200c\u200d]"
    "|(?<=[\u1820-\u18aa])[\u180b-\u180f]"
    f"|(?P<hidden>[{_SET}])"
)


def hidden(text: str) -> Iterator[tuple[int, int]]:
    """Where characters stand in `text` that are no part of what is seen: start and end (exclusive) of each run."""
    if not INVISIBLE.search(text):
        return
    start = end = -1
    for found in _HIDDEN.finditer(text):
        if found["hidden"] and found.start() == end:
            end = found.end()
        elif found["hidden"]:
            if end >= 0:
                yield start, end
            start, end = found.span()
    if end >= 0:
        yield start, end


def replaced(text: str, written: Callable[[str], str]) -> str:
    """`text` with each of those characters written in another way."""
    return _HIDDEN.sub(lambda found: written(found[0]) if found["hidden"] else found[0], text)
