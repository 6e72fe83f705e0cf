"""The sections that a prompt asks the answer to have: `#` headings, or the lines of a `# FORMAT` section."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_PARTS = 50

_SEARCHED_CHARACTERS = 100_000

_VALUE_CHARACTERS = 120
_HEADING = re.compile(
    r"^ {0,3}(?P<line>(?P<marks>#{1,6})(?:[ \t]+(?P<title>[^\n:：]+[:：]?)|(?P<tight>[^\s#!:：][^\n:：]*[:：])))"
)
_LABEL = re.compile(
    r"^[ \t]*(?P<line>(?P<bullet>(?:[-*+]|\d+[.)])[ \t]+)?\**(?P<title>[^\s:：*#][^\n:：]{0,59})[:：]\**)"
)
_INLINE = re.compile(r"#{1,6} [^\s#\"'“”‘’`,.;:()][^#\"'“”‘’`,.;:()\n]*")
_INLINE_END = re.compile(r"[ \t]+(?:and|or|then|및|그리고)[ \t]*$|(?<=[가-힣\w])(?:와|과|을|를)[ \t]*$")
_INLINE_ASKED = re.compile(r"\b(?:headings?|headers?|sections?)\b|제목|항목|섹션", re.IGNORECASE)
_FORMAT = re.compile(r"\b(?:format|output|form)\b|형식|양식|서식|포맷|출력", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the answer. `line` is written as the prompt wrote it; after a label the text goes on beside it."""

    line: str
    title: str
    value: str = ""
    beside: bool = False


@dataclass(slots=True)
class _Section:
    part: Part
    marks: int
    body: list[str]

    @property
    def is_format(self) -> bool:
        return bool(_FORMAT.search(self.part.title))


@dataclass(frozen=True, slots=True)
class Form:
    """The sections that the answer is to have, at most 50, and what is left of the request without its sections.

    `given` are the request's own sections in which something stood, `preamble` is what stood before the first.
    """

    parts: tuple[Part, ...]
    given: tuple[Part, ...]
    preamble: str


def form(request: str, system: str) -> Form:
    """The form that is asked for.

    A FORMAT section, in the request or else in the system message, names them: by headings below it or by lines such
    as `- Title:`. Without one they are the request's headings, each with the value that stood there.
    """
    sections = _sections(request)
    own = [_valued(section) for section in _outside_form(sections)]
    chosen = _form(sections) or _form(_sections(system)) or own or list(_inline(request))
    given = tuple(part for part in own[:MAX_PARTS] if part.value)
    preamble = request[: request.find(sections[0].part.line)] if sections else request
    return Form(tuple(chosen[:MAX_PARTS]), given, preamble.strip())


def _sections(text: str) -> list[_Section]:
    """The headings with what stands below each. In a code block `#` is no heading, except under FORMAT."""
    found: list[_Section] = []
    fenced = False
    for line in text[:_SEARCHED_CHARACTERS].splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif (heading := _HEADING.match(line)) and (not fenced or _format_index(found) is not None):
            title = (heading["title"] or heading["tight"]).strip(" \t:：*#")
            found.append(
                _Section(Part(heading["line"].rstrip(), title), len(heading["marks"]), [line[heading.end() :]])
            )
        elif found:
            found[-1].body.append(line)
    return found


def _format_index(sections: list[_Section]) -> int | None:
    return next((number for number, section in enumerate(sections) if section.is_format), None)


def _form(sections: list[_Section]) -> list[Part]:
    at = _format_index(sections)
    if at is None:
        return []
    return [section.part for section in _form_headings(sections, at)] or _labels(sections[at].body)


def _labels(body: list[str]) -> list[Part]:
    """The lines that a label begins; where some stand in a list, only those."""
    found = [label for line in body if (label := _LABEL.match(line))]
    listed = [label for label in found if label["bullet"]]
    return [Part(label["line"].strip(), label["title"].strip(" *"), beside=True) for label in listed or found]


def _form_headings(sections: list[_Section], at: int) -> list[_Section]:
    """The headings that FORMAT lists: the deeper ones right after it, or all that follow if its own text is empty."""
    following = sections[at + 1 :]
    if not any(line.strip() for line in sections[at].body) and following and following[0].marks <= sections[at].marks:
        return following
    shallow = (number for number, section in enumerate(following) if section.marks <= sections[at].marks)
    return following[: next(shallow, len(following))]


def _outside_form(sections: list[_Section]) -> list[_Section]:
    at = _format_index(sections)
    if at is None:
        return sections
    inside = {id(section) for section in (sections[at], *_form_headings(sections, at))}
    return [section for section in sections if id(section) not in inside]


def _valued(section: _Section) -> Part:
    value = " ".join(" ".join(section.body).split())
    clipped = value if len(value) <= _VALUE_CHARACTERS else value[:_VALUE_CHARACTERS].rstrip() + "…"
    return Part(section.part.line, section.part.title, clipped)


def _inline(text: str) -> Iterator[Part]:
    """Headings that are named in running text: `Answer under the headings # Setup and # Punchline.`"""
    for line in text[:_SEARCHED_CHARACTERS].splitlines():
        if _INLINE_ASKED.search(line):
            for found in _INLINE.findall(line):
                heading = _INLINE_END.sub("", found).rstrip()
                yield Part(heading, heading.strip("#: "))
