"""The sections of a template: what stands below each of its Markdown headings.

A heading is an ATX heading of CommonMark 0.31: at most three spaces, one to six `#`, and behind them a space, a tab or
the end of the line. One inside a code fence is none; a fence that is not closed lasts to the end of the text.
"""

import math
import re
from dataclasses import dataclass
from typing import Final

from chains.metrics import CHARACTERS_PER_TOKEN

_BLANK: Final = " \t"
_MARK: Final = re.compile(
    r"(?:\A|(?<=[\r\n])) {0,3}(?:(?P<heading>#{1,6})(?=[ \t\r\n]|\Z)|(?P<fence>`{3,}|~{3,}))(?P<rest>[^\r\n]*)"
)


@dataclass(frozen=True, slots=True)
class Section:
    """The characters `start` to `end` (exclusive) of a template: a heading's line and all before the next heading.

    The text before the first heading is a section of level 0 without a title.
    """

    level: int
    title: str
    start: int
    end: int
    text: str

    @property
    def tokens(self) -> int:
        """An estimate, from the number of characters."""
        return estimated_tokens(self.text)


def outline(text: str) -> tuple[Section, ...]:
    """All sections in order. Their texts, joined, are `text`."""
    marks = [(0, 0, ""), *_headings(text)]
    ends = [start for _level, start, _title in marks[1:]] + [len(text)]
    return tuple(
        Section(level, title, start, end, text[start:end])
        for (level, start, title), end in zip(marks, ends, strict=True)
        if end > start
    )


def estimated_tokens(text: str) -> int:
    """What `text` may weigh, by the estimate that is made wherever a provider counts nothing."""
    return math.ceil(len(text) / CHARACTERS_PER_TOKEN)


def retitled(text: str, title: str) -> str:
    """The text of a section under another title, on one line; what has no heading comes back as it is.

    `#` that would close the line at the title's end are left out.
    """
    heading = _MARK.match(text)
    if not heading or not heading["heading"]:
        return text
    rest = heading["rest"]
    gap = rest[: len(rest) - len(rest.lstrip(_BLANK))] or " "
    closing = _closing(rest.strip(_BLANK)).strip(_BLANK)
    words = " ".join(filter(None, (_unclosed(title), closing)))
    line = f"{text[: heading.end('heading')]}{gap}{words}"
    return f"{line}{text[heading.end() :]}"


def _headings(text: str) -> list[tuple[int, int, str]]:
    """Level, offset and title of each heading."""
    found = []
    fence = ""
    for mark in _MARK.finditer(text):
        if mark["fence"]:
            fence = _fence(fence, mark["fence"], mark["rest"])
        elif not fence:
            found.append((len(mark["heading"]), mark.start(), _title(mark["rest"])))
    return found


def _fence(fence: str, marks: str, rest: str) -> str:
    """The fence that is open behind a line of fence marks; '' for none."""
    if not fence:
        return "" if marks[0] == "`" and "`" in rest else marks
    closes = marks.startswith(fence) and not rest.strip(_BLANK)
    return "" if closes else fence


def _title(rest: str) -> str:
    """What stands on a heading's line between its marks."""
    bare = rest.strip(_BLANK)
    return bare.removesuffix(_closing(bare))


def _closing(bare: str) -> str:
    """The `#` that may close a heading's line, with the blanks before them."""
    head = bare.rstrip("#")
    closes = head != bare and head[-1:] in ("", *_BLANK)
    return bare[len(head.rstrip(_BLANK)) :] if closes else ""


def _unclosed(title: str) -> str:
    """A title on one line, without what a reader of the line would take for its closing `#`."""
    bare = " ".join(title.split())
    head = bare.rstrip("# ")
    return head and head + bare[len(head) :].partition(" ")[0]
