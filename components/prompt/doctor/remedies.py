"""Below a message: what is wrong or suspicious, each with the buttons that cure it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from zlib import crc32

import streamlit as st

from chains.spec import MAX_TEMPLATE_CHARACTERS
from chains.templates.doctor.edits import Finding, Level
from chains.templates.doctor.escaping import healed
from chains.templates.doctor.fstring_cures import DOUBLE_IT, MAKE_LITERAL
from chains.words import fill
from components import state
from components.prompt import draft
from components.prompt.doctor import diagnosis
from components.words import _, plain, several

MOST_DRAWN = 6
"""Findings of a message that are drawn with their cures; all others are listed, and follow as these are cured."""
LIST_PX = 220

_MARKS: Mapping[Level, str] = {"problem": ":red[:material/error: {text}]", "warning": ":gray[:material/info: {text}]"}


def show(findings: Sequence[Finding], key: str) -> None:
    """Draws the findings of the message whose template has that key."""
    if not findings and not diagnosis.is_overlong(key):
        return
    with st.container(gap="xxsmall"):
        drawn: Counter[str] = Counter()
        for finding in findings[:MOST_DRAWN]:
            kind = _kind(finding)
            _finding(finding, f"{key}_{kind}_{drawn[kind]}")
            drawn[kind] += 1
        if len(findings) > MOST_DRAWN:
            _others(findings[MOST_DRAWN:], key)
        if sum(_is_literal(finding) for finding in findings) > 1:
            _button(_("Make all of them literal"), f"heal_{key}", _heal, (key,))
        if diagnosis.is_overlong(key):
            limit = {"limit": f"{MAX_TEMPLATE_CHARACTERS:,}"}
            _line("problem", plain(fill(_("Not done: the message would have more than {limit} characters."), limit)))


def problems(findings: Sequence[Finding]) -> dict[tuple[int, int], str]:
    """What keeps a message from running: sentences by line and column, both from 1."""
    return {(f.line, f.column): _sentence(f) for f in findings if f.level == "problem"}


def _finding(finding: Finding, key: str) -> None:
    _line(finding.level, _said(finding))
    if not finding.cures:
        return
    with st.container(horizontal=True, gap="small"):
        for index, cure in enumerate(finding.cures):
            _button(fill(_(cure.label), cure.values), f"cure_{key}_{index}", diagnosis.apply, (finding, index))


def _others(findings: Sequence[Finding], key: str) -> None:
    """Draws a button with their count, and behind it all of them, a line each."""
    label = several("and {count} more", "and {count} more", len(findings))
    opened = st.popover(label, type="tertiary", key=f"others_{key}", on_change="rerun")
    if opened.open:
        with opened:
            lines = [f"{finding.line}:{finding.column}  {_sentence(finding)}" for finding in findings]
            st.code("\n".join(lines), language=None, wrap_lines=True, height=LIST_PX)


def _kind(finding: Finding) -> str:
    """Part of a key: a press on a button must not become one on another, while text that was typed is on its way."""
    said = [finding.message, *((cure.label, sorted(cure.values.items())) for cure in finding.cures)]
    return f"{crc32(repr(said).encode()):08x}"


def _line(level: Level, said: str) -> None:
    """`said` is Markdown."""
    st.markdown(f":small[{_MARKS[level].replace('{text}', said)}]", width="content")


def _heal(key: str) -> None:
    if draft.template_format() == "f-string":
        diagnosis.put(key, healed(state.templates.text(key), diagnosis.known()))


def _is_literal(finding: Finding) -> bool:
    return any(cure.label in (MAKE_LITERAL, DOUBLE_IT) for cure in finding.cures)


def _said(finding: Finding) -> str:
    where = {"line": str(finding.line), "column": str(finding.column)}
    place = fill(_("Line {line}, column {column}"), where)
    return f"**{plain(place)}** {plain(_sentence(finding))}"


def _sentence(finding: Finding) -> str:
    return " ".join(fill(_(words), finding.values) for words in (finding.message, finding.hint))


def _button(label: str, key: str, act: Callable[..., None], args: tuple[object, ...]) -> None:
    text = f":small[:primary[{plain(label)}]]"
    st.button(text, icon=":material/auto_fix_high:", key=key, type="tertiary", on_click=act, args=args)
