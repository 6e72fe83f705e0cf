"""Words that people read: gettext's `_()` in the session's language, and text that is not ours made harmless."""

import gettext
import re
from functools import cache
from pathlib import Path

import streamlit as st

from chains.words import fill

LOCALES = Path(__file__).parent.parent / "locales"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>:$~^&=\"'])")


def _(message: str) -> str:
    """`message` in the language of the browser, or as it stands."""
    return _catalogue(st.context.locale or "en").gettext(message)


def plain(text: str) -> str:
    """`text` for a label or a caption, which Streamlit reads as Markdown: shown as it is, on one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def several(one: str, other: str, count: int) -> str:
    """The form of a sentence that fits `count`, in the session's language; `{count}` is filled in."""
    return fill(_catalogue(st.context.locale or "en").ngettext(one, other, count), {"count": str(count)})


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


@cache
def _catalogue(locale: str) -> gettext.NullTranslations:
    languages = [locale.replace("-", "_"), locale.partition("-")[0]]
    return gettext.translation("messages", LOCALES, languages, fallback=True)
