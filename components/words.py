"""Words that people read: gettext's `_()` in the session's language, and text that is not ours made harmless.

Catalogues are read from their `.po` files: there is no compiled copy that could be missing or out of date.
"""

import gettext
import re
from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

import streamlit as st
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from chains import phrases
from chains.words import fill
from components import state

LOCALES = Path(__file__).parent.parent / "locales"
LANGUAGES: Mapping[str, str] = {"en": "English", "ko": "한국어"}
"""Each by its own name; message ids are English."""

MOST_LISTED = 10
"""Names that a sentence lists."""

COUNTS = (1, 2, 5)
"""One of each kind that a language may have a plural form for."""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>:$~^&=\"'])")


def _(message: str) -> str:
    """`message` in the session's language, or as it stands."""
    return _catalogue(language()).gettext(message)


def language() -> str:
    """The language that was chosen, else the browser's where we speak it, else English."""
    wanted = state.language() or re.split("[-_]", st.context.locale or "en")[0].lower()
    return wanted if wanted in LANGUAGES else "en"


def plain(text: str) -> str:
    """`text` for a label or a caption, which Streamlit reads as Markdown: shown as it is, on one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def said(value: phrases.Value) -> str:
    """A value of a sentence in the session's language."""
    return phrases.said(value, _)


def several(one: str, other: str, count: int) -> str:
    """The form of a sentence that fits `count`, in the session's language; `{count}` is filled in."""
    return fill(_catalogue(language()).ngettext(one, other, count), {"count": str(count)})


def listed(names: Sequence[str]) -> str:
    """The first `MOST_LISTED` of `names` in a row, and how many more there are."""
    shown, more = ", ".join(names[:MOST_LISTED]), len(names) - MOST_LISTED
    return f"{shown} {several('and {count} more', 'and {count} more', more)}" if more > 0 else shown


def counted(one: str, other: str) -> list[tuple[int, str]]:
    """All forms of a sentence, for a live view that has yet to count: each behind a count that takes it."""
    return [(count, _catalogue(language()).ngettext(one, other, count)) for count in COUNTS]


def status_word(status: str) -> str:
    """A run's or an item's status for a reader."""
    words = {
        "queued": _("queued"),
        "running": _("running"),
        "done": _("done"),
        "stopped": _("stopped"),
        "failed": _("failed"),
        "incomplete": _("incomplete"),
        "interrupted": _("interrupted"),
    }
    return words.get(status, status)


def kind_word(kind: str) -> str:
    """A chunk's kind for a reader."""
    words = {
        "text": _("text"),
        "reasoning": _("reasoning"),
        "tool": _("tool call"),
        "role": _("empty, opens the stream"),
        "finish": _("empty, finish"),
        "usage": _("empty, usage"),
    }
    return words.get(kind, kind)


def mode_word(mode: str, items: int = 0) -> str:
    """A run's mode for a reader; of a batch with how many `items`, where that is known."""
    words = {"invoke": _("invoke"), "stream": _("stream"), "batch": _("batch")}
    return (
        several("batch of {count}", "batch of {count}", items) if mode == "batch" and items else words.get(mode, mode)
    )


def parser_words() -> dict[str, str]:
    """The output parsers for a reader, by name."""
    return {"text": _("Text"), "message": _("Message"), "json": "JSON"}


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = LOCALES / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return gettext.NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as written:
        write_mo(compiled, read_po(written, language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
