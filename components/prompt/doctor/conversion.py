"""The prompt in the other format, when both render the same with the present values; else why not, and where."""

import streamlit as st

from chains.outcomes import Refused
from chains.spec import MessageSpec
from chains.templates.doctor.converting import Converted, convert, other
from chains.templates.problems import RefusedTemplate, TemplateProblem
from chains.words import fill
from components import state
from components.prompt import draft
from components.prompt.doctor import diagnosis
from components.prompt.explained import explained
from components.words import _, plain, several


def button() -> None:
    """Draws the button that converts."""
    to = {"format": other(draft.template_format())}
    st.button(
        _("Convert"),
        icon=":material/swap_horiz:",
        type="tertiary",
        key="convert",
        on_click=_convert,
        help=plain(fill(_("Rewrites the messages for {format}, if they render the same with the present values."), to)),
    )


def outcome() -> None:
    """Says what became of it, while the messages are as they were then."""
    noted = state.conversion.noted(draft.rows())
    if noted is not None:
        sentence, done = noted
        text = plain(sentence)
        st.markdown(f":small[:gray[:material/check: {text}]]" if done else f":small[:red[:material/error: {text}]]")


def _convert() -> None:
    rows = (*draft.rows(), *(MessageSpec(role="human", template=section.text) for section in state.document.off()))
    try:
        made = convert(rows, draft.template_format(), diagnosis.inputs())
    except RefusedTemplate as refused:
        state.conversion.note(_refusal(refused.problems[0]), done=False, of=draft.rows())
    except Refused as refused:
        state.conversion.note(f"{_('Not converted.')} {explained(refused.outcome)}", done=False, of=draft.rows())
    else:
        _take(made)
        state.conversion.note(_said(made), done=True, of=draft.rows())


def _take(made: Converted) -> None:
    """Puts the templates where they belong: into the rows, and into the sections that are off."""
    count = len(draft.rows())
    for row, message in enumerate(made.messages[:count]):
        state.templates.put(state.places.template_key(row), message.template)
    sections = zip(state.document.off(), made.messages[count:], strict=True)
    state.document.put_off(section.model_copy(update={"text": row.template}) for section, row in sections)
    state.put("template_format", made.template_format)


def _refusal(problem: TemplateProblem) -> str:
    reason = " ".join(fill(_(words), problem.values) for words in (problem.message, problem.hint))
    return f"{_('Not converted.')} {_where(problem)} {reason}"


def _where(problem: TemplateProblem) -> str:
    place = {"line": str(problem.line), "column": str(problem.column)}
    if problem.row >= len(draft.rows()):
        return fill(_("A section that is off, line {line}, column {column}:"), place)
    branch, number = state.places.of(problem.row)
    place["row"] = str(number)
    if branch is None:
        return fill(_("Message {row}, line {line}, column {column}:"), place)
    return fill(_("Branch {branch}, message {row}, line {line}, column {column}:"), {**place, "branch": branch})


def _said(made: Converted) -> str:
    said = [_("Converted: with the present values both render the same.")]
    if made.comments:
        said.append(several("{count} comment was left out.", "{count} comments were left out.", made.comments))
    if made.unescaped:
        names = {"names": ", ".join(made.unescaped)}
        said.append(fill(_("Values are not HTML-escaped any more: {names}."), names))
    return " ".join(said)
