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
    """Says what became of it, while the prompt is as it was then, with a way back from what was converted."""
    noted = state.conversion.noted(_prompt())
    if noted is None:
        return
    text = plain(noted["sentence"])
    if noted["before"] is None:
        st.markdown(f":small[:red[:material/error: {text}]]")
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f":small[:gray[:material/check: {text}]]", width="content")
        label = f":small[:primary[{plain(_('Undo conversion'))}]]"
        st.button(label, key="unconvert", icon=":material/undo:", type="tertiary", on_click=_undo)


def _prompt() -> state.conversion.Prompt:
    """What a conversion would change, as it is."""
    templates, off = (row.template for row in draft.rows()), (section.text for section in state.document.off())
    return state.conversion.prompt(draft.template_format(), templates, off)


def _convert() -> None:
    before = _prompt()
    rows = (*draft.rows(), *(MessageSpec(role="human", template=text) for text in before["off"]))
    try:
        values = diagnosis.present()
        made = convert(rows, draft.template_format(), values)
    except draft.InvalidField as invalid:
        state.conversion.note(f"{_('Not converted.')} {invalid}", before)
    except RefusedTemplate as refused:
        state.conversion.note(_refusal(refused.problems[0]), before)
    except Refused as refused:
        state.conversion.note(f"{_('Not converted.')} {explained(refused.outcome)}", before)
    else:
        count = len(before["rows"])
        templates = [message.template for message in made.messages]
        _put(state.conversion.prompt(made.template_format, templates[:count], templates[count:]))
        state.conversion.note(_said(made, len(values)), _prompt(), before=before)


def _undo() -> None:
    noted = state.conversion.noted(_prompt())
    if noted is not None and noted["before"] is not None:
        _put(noted["before"])
        state.conversion.forget()


def _put(prompt: state.conversion.Prompt) -> None:
    """Puts the texts where they belong: into the rows, and into the sections that are off."""
    for row, template in enumerate(prompt["rows"]):
        state.templates.put(state.places.template_key(row), template)
    sections = zip(state.document.off(), prompt["off"], strict=True)
    state.document.put_off(section.model_copy(update={"text": text}) for section, text in sections)
    state.put("template_format", prompt["template_format"])


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


def _said(made: Converted, inputs: int) -> str:
    said = [_proof(made, inputs)]
    if made.stand_ins:
        names = {"names": ", ".join(made.stand_ins)}
        said.append(fill(_("Without a value, and rendered with a stand-in: {names}."), names))
    if made.comments:
        said.append(several("{count} comment was left out.", "{count} comments were left out.", made.comments))
    if made.unescaped:
        names = {"names": ", ".join(made.unescaped)}
        said.append(fill(_("Values are not HTML-escaped any more: {names}."), names))
    return " ".join(said)


def _proof(made: Converted, inputs: int) -> str:
    if made.rendered < inputs:
        rows = {"rows": str(made.rendered), "count": f"{inputs:,}"}
        return fill(_("Converted: with the first {rows} of {count} rows both render the same."), rows)
    return _("Converted: with the present values both render the same.")
