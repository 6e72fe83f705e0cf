"""The draft's sections: those of every message, and how a change of them is kept."""

from collections.abc import Sequence
from zlib import crc32

from chains.sections.arrangement import Arrangement, Part, followed, headings
from components import state


def arrangements() -> list[Arrangement]:
    """The sections of all messages."""
    off = state.document.off()
    return [
        Arrangement(row, message.template, tuple(section for section in off if section.row == row))
        for row, message in enumerate(state.rows())
    ]


def follow() -> None:
    """Keeps the sections that are off at their places in templates that were edited by hand."""
    for found in arrangements():
        if found.off:
            was = state.sections.headings(found.row, found.off)
            put(found if was is None else followed(found, was))


def put(changed: Arrangement) -> None:
    """Keeps a message's sections in place of what they were."""
    others = [section for section in state.document.off() if section.row != changed.row]
    state.document.put_off([*others, *changed.off])
    state.sections.note_headings(changed.row, changed.off, headings(changed))
    key = state.places.template_key(changed.row)
    if state.templates.text(key) != changed.template:
        state.templates.put(key, changed.template)


def ids(among: Sequence[Part]) -> list[str]:
    """A name for each section: it stays while the section's text does, wherever it is put."""
    seen: dict[int, int] = {}
    found = []
    for part in among:
        sum_of = crc32(part.text.rstrip().encode("utf-8", "surrogatepass"))
        seen[sum_of] = seen.get(sum_of, 0) + 1
        found.append(f"{sum_of:08x}.{seen[sum_of]}")
    return found
