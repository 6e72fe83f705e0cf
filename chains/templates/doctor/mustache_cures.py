"""What to do about a problem of a mustache template, as edits."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from chains.templates import mustache
from chains.templates.doctor.edits import Cure, Edit
from chains.templates.mustache import Tag
from chains.templates.names import is_plain
from chains.templates.problems import TemplateProblem
from chains.words import mark

WRITE: Final = mark("Write {field}")
APART: Final = mark("Put a space between the braces")
DELETE: Final = mark("Delete this tag")
BEFORE: Final = mark("Write {field} before it")
AT_THE_END: Final = mark("Write {field} at the end")

_HALF_CLOSED: Final = re.compile(r"\{\{\s*(?P<name>[^{}\s]+)\s*\}")
_NAMED: Final = re.compile(r"\{\{\s*(?P<name>[\w-]++)(?!\s*[=(}]|\.\w)")
"""A name behind two braces that nothing closes; not what reads as code."""
_OPENS: Final = ("#", "^")
_TEXT: Final = (mustache.UNCLOSED, mustache.TRIPLE, mustache.NAMELESS, mustache.DELIMITERS)
"""Problems of braces that may have been meant as text."""


def cures(problem: TemplateProblem, template: str, tags: Sequence[Tag], at: int) -> tuple[Cure, ...]:
    """The cures of `problem`, which stands at the offset `at`; `tags` are all of `template`."""
    words = (problem.message, problem.hint)
    if words == mustache.UNCLOSED:
        return (*_closed(problem, template, at), _apart(problem, at))
    index = _index(tags, at)
    if index is None or words in (mustache.OPPOSITE, mustache.DOT_OUTSIDE, mustache.DEEP, mustache.MANY):
        return ()
    tag = tags[index]
    if words == mustache.STRAY:
        return (Cure(DELETE, {}, (Edit(problem.row, tag.offset, tag.end, ""),)),)
    if words == mustache.MISMATCH:
        return (_insert(problem, BEFORE, tag.offset, problem.values["field"]),)
    if words == mustache.OPEN:
        closing = "".join("{{/" + name + "}}" for name in _open_names(tags, index))
        return (_insert(problem, AT_THE_END, len(template), closing),)
    renamed = () if words in (mustache.NAMELESS, mustache.DELIMITERS) else _renamed(problem, tags, index)
    return (*renamed, *((_apart(problem, at),) if words in _TEXT else ()))


def _renamed(problem: TemplateProblem, tags: Sequence[Tag], index: int) -> Iterator[Cure]:
    """The tag as the problem advises, with the tag that closes it; none where the advice names nothing of the text."""
    tag, words = tags[index], (problem.message, problem.hint)
    field = problem.values.get("field", "")
    if words == mustache.ELSE:
        if field != "{{/name}}{{^name}}":
            yield Cure(WRITE, {"field": field}, (Edit(problem.row, tag.offset, tag.end, field),))
        return
    opening = field.split(" … ")[0]
    name = opening.strip("{}").lstrip("#^&")
    if not is_plain(name):
        return
    edits = [Edit(problem.row, tag.offset, tag.end, opening)]
    if tag.kind in _OPENS:
        if tag.name.startswith("unless "):
            opening = "{{^" + name + "}}"
            edits = [Edit(problem.row, tag.offset, tag.end, opening)]
        closing = _closing(tags, index)
        edits += [Edit(problem.row, closing.offset, closing.end, "{{/" + name + "}}")] if closing else []
    yield Cure(WRITE, {"field": opening}, tuple(edits))


def _closing(tags: Sequence[Tag], index: int) -> Tag | None:
    """The tag that closes the section opened by tag `index`, whatever name it says."""
    depth = 0
    for tag in tags[index:]:
        depth += (tag.kind in _OPENS) - (tag.kind == "/")
        if depth == 0:
            return tag
    return None


def _open_names(tags: Sequence[Tag], index: int) -> Iterator[str]:
    """The sections that are open at the end from tag `index` on, the innermost first."""
    opened: list[str] = []
    for tag in tags[index:]:
        if tag.kind in _OPENS:
            opened.append(tag.name)
        elif tag.kind == "/" and tag.name in opened:
            while opened.pop() != tag.name:
                pass
    return reversed(opened)


def _closed(problem: TemplateProblem, template: str, at: int) -> Iterator[Cure]:
    half, named = _HALF_CLOSED.match(template, at), _NAMED.match(template, at)
    if half is not None and is_plain(half["name"]):
        yield _written(problem, half, "{{{" + half["name"] + "}}}")
    elif named is not None and is_plain(named["name"]):
        yield _written(problem, named, "{{" + named["name"] + "}}")


def _written(problem: TemplateProblem, found: re.Match[str], field: str) -> Cure:
    return Cure(WRITE, {"field": field}, (Edit(problem.row, found.start(), found.end(), field),))


def _apart(problem: TemplateProblem, at: int) -> Cure:
    return _insert(problem, APART, at + 1, " ")


def _insert(problem: TemplateProblem, label: str, at: int, text: str) -> Cure:
    return Cure(label, {"field": text}, (Edit(problem.row, at, at, text),))


def _index(tags: Sequence[Tag], at: int) -> int | None:
    """The tag that holds the offset `at`."""
    return next((index for index, tag in enumerate(tags) if tag.offset <= at < tag.end), None)
