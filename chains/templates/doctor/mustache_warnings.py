"""Places of a sound mustache template that do something else than most people mean."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pydantic import JsonValue

from chains.templates.doctor.edits import Cure, Edit, Finding
from chains.templates.doctor.mustache_cures import WRITE
from chains.templates.doctor.places import Places
from chains.templates.doctor.unsupplied import MOST_ITEMS, Unsupplied, unsupplied
from chains.templates.mustache import Tag
from chains.templates.names import is_plain
from chains.templates.problems import Words
from chains.words import mark

_SINGLE: Final = re.compile(r"\{\s*(?P<name>[^{}\s]+)\s*\}")

SINGLE: Words = (
    mark("Single braces are text in mustache: the model reads {text}, not a value."),
    mark("Write {field} if the variable is meant."),
)
ESCAPES: Words = (
    mark("{tags} HTML-escape their values: the model reads &lt; for a <."),
    mark("Three braces give a value as it is."),
)
NOTHING: Words = (
    mark("With the present values nothing in section {section} supplies {name}: it renders as nothing."),
    mark("Give {name} in the value of the section, or correct the name."),
)
LACKING: Words = (
    mark("In section {section} nothing supplies {name} for item {items}: it renders as nothing there."),
    mark("Give {name} in each item, or correct the name where it is mistyped."),
)
LACKING_IN_ROW: Words = (
    mark("In section {section} nothing supplies {name} for item {items} of row {row}: it renders as nothing there."),
    LACKING[1],
)
THREE: Final = mark("Write three braces")
MOST_NAMED: Final = 3


def warnings(
    template: str, row: int, tags: Sequence[Tag], inputs: Sequence[Mapping[str, JsonValue]]
) -> Iterator[Finding]:
    """`tags` are those of `template`, which has no problems."""
    places = Places(template)
    yield from _escaping(template, row, tags, places)
    yield from _single(template, row, tags, places)
    for missing in unsupplied(tags, inputs):
        yield _unsupplied(missing, row, places, in_table=len(inputs) > 1)


def _unsupplied(missing: Unsupplied, row: int, places: Places, *, in_table: bool) -> Finding:
    tag, values = missing.tag, {"name": missing.tag.name, "section": missing.section}
    place = (row, *places.of(tag.offset))
    if missing.lacking:
        items = [".".join(map(str, item.places)) for item in missing.lacking]
        values["items"] = ", ".join(items[:MOST_ITEMS]) + (", …" if len(items) > MOST_ITEMS else "")
        values |= {"row": str(missing.lacking[0].row)} if in_table else {}
        return Finding("warning", *place, *(LACKING_IN_ROW if in_table else LACKING), values)
    cures: tuple[Cure, ...] = ()
    if missing.meant:
        field = "{{" + tag.kind + missing.meant + "}}"
        cures = (Cure(WRITE, {"field": field}, (Edit(row, tag.offset, tag.end, field),)),)
    return Finding("warning", *place, *NOTHING, values, cures)


def _escaping(template: str, row: int, tags: Sequence[Tag], places: Places) -> Iterator[Finding]:
    """One warning for all, as a template of mustache may have nothing else."""
    found = [tag for tag in tags if tag.kind == ""]
    if found:
        names = list(dict.fromkeys("{{" + tag.name + "}}" for tag in found))
        more = ", …" if len(names) > MOST_NAMED else ""
        edits = (Edit(row, tag.offset, tag.end, "{" + template[tag.offset : tag.end] + "}") for tag in found)
        values = {"tags": ", ".join(names[:MOST_NAMED]) + more}
        cure = Cure(THREE, {}, tuple(edits))
        yield Finding("warning", row, *places.of(found[0].offset), *ESCAPES, values, (cure,))


def _single(template: str, row: int, tags: Sequence[Tag], places: Places) -> Iterator[Finding]:
    starts, ends = [0, *(tag.end for tag in tags)], [*(tag.offset for tag in tags), len(template)]
    for begin, end in zip(starts, ends, strict=True):
        for found in _SINGLE.finditer(template, begin, end):
            if is_plain(found["name"]):
                field = "{{{" + found["name"] + "}}}"
                cure = Cure(WRITE, {"field": field}, (Edit(row, found.start(), found.end(), field),))
                values = {"text": "{" + found["name"] + "}", "field": field}
                yield Finding("warning", row, *places.of(found.start()), *SINGLE, values, (cure,))
