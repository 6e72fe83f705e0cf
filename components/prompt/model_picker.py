"""The model: provider, name, address, key, and the parameters that the user turns on.

An address that came with a link, a file or a saved chain is asked for its models only after a press: whoever wrote it
must not make this server send anything anywhere.
"""

import streamlit as st
from pydantic import SecretStr, ValidationError

from chains.models.parameters import LIMITS, Parameter
from chains.models.provider import Provider
from chains.outcomes import Outcome, Refused
from chains.spec import ModelSpec
from chains.words import fill
from components import state
from components.prompt import draft, misfits
from components.prompt.explained import explained
from components.words import _, plain, said
from runs.opened import engine

EVERY_DIGIT = "%.15g"
LISTED_S = 60
FAILED_S = 5


def show() -> None:
    """Draws the picker over the session's draft."""
    left, right = st.columns(2, gap="small")
    with left:
        labels = {name: said(provider.label) for name, provider in engine().providers.items()}
        st.selectbox(
            _("Provider"),
            list(labels),
            format_func=lambda name: labels.get(name, name),
            key="provider",
            persist_state=state.KEEP,
            on_change=state.put,
            args=("model", None),
        )
    chosen = draft.provider()
    if chosen.needs_base_url:
        _base_url()
    if chosen.remote:
        _key(chosen)
    with right:
        note = _model(chosen)
        if not _is_confirmed(chosen):
            _confirm_button()
    if note:
        st.caption(plain(note))
    if takes_unknown_images(chosen):
        unknown = _("Whether {model} sees images is not known here: they are sent, and the server decides.")
        st.caption(plain(fill(unknown, {"model": state.text("model") or said(chosen.label)})))


def takes_unknown_images(chosen: Provider) -> bool:
    """Whether the draft holds images for a server whose models nobody here knows."""
    return draft.takes_others(chosen) and any(row.images for row in draft.rows())


def parameters() -> None:
    """Draws the button that opens the parameters, with how many are on."""
    chosen = draft.provider()
    count = len(state.parameters(chosen.parameter_names))
    label = fill(_("Parameters: {count} on"), {"count": str(count)}) if count else _("Parameters")
    with st.popover(label, icon=":material/tune:", key="parameters"):
        st.caption(_("Nothing is sent unless it is turned on."))
        for parameter in chosen.parameters:
            _parameter(parameter)
        if draft.takes_others(chosen):
            st.text_area(
                _("Other parameters"),
                key="other_parameters",
                persist_state=state.KEEP,
                height=68,
                max_chars=state.FIELD_CHARACTERS,
                placeholder='{"top_k": 40}',
                help=_("A JSON object of what this server knows beside; it goes into the request as it is."),
            )
        st.caption(_("Limits of this run; they are not sent."))
        for parameter in LIMITS:
            _parameter(parameter)


def _model(chosen: Provider) -> str:
    """Draws the models to choose from; returns a word on why they could not be listed."""
    if chosen.name == "simulated":
        names: tuple[str, ...] = chosen.known_models
        note = ""
    else:
        names, note = _listed(chosen)
    written = state.text("model")
    options = list(dict.fromkeys((*names, written) if written else names))
    if not written and options:
        state.put("model", options[0])
    st.selectbox(
        _("Model"),
        options,
        key="model",
        persist_state=state.KEEP,
        accept_new_options=chosen.remote,
        index=None,
        placeholder=_("Choose or type a name"),
    )
    return note


def _base_url() -> None:
    st.text_input(
        _("Base URL"),
        key="base_url",
        persist_state=state.KEEP,
        on_change=_take_address,
        placeholder="http://localhost:11434/v1",
        help=_("Ollama, vLLM, llama.cpp, LM Studio or any server that speaks OpenAI's chat completions."),
    )


def _take_address() -> None:
    """What a person types is confirmed by that."""
    state.put("model", None)
    state.addresses.confirm(_address())


def _confirm_button() -> None:
    st.button(
        _("List models"),
        key="list_models",
        icon=":material/list:",
        on_click=state.addresses.confirm,
        args=(_address(),),
        help=_("This address came with what was opened: this server asks it for its models only when you press."),
    )


def _is_confirmed(chosen: Provider) -> bool:
    """Whether the models may be asked for: at an address of ours or of the operator's, or one that a person gave."""
    return not chosen.needs_base_url or not _address() or state.addresses.is_confirmed(_address())


def _address() -> str:
    return state.text("base_url").strip()


def _key(chosen: Provider) -> None:
    own = chosen.key_variable in engine().key_variables
    help_text = (
        _("The server has a key of its own; one typed here is used instead, for this session only.")
        if own
        else _("Kept in this session's memory only; it is in no record, link or log.")
    )
    st.text_input(
        _("Key"),
        key=draft.key_field(),
        type="password",
        persist_state=state.KEEP,
        autocomplete="off",
        placeholder=_key_placeholder(chosen, own=own),
        help=help_text,
    )


def _key_placeholder(chosen: Provider, *, own: bool) -> str:
    if own:
        return _("The server's own key is used")
    return _("Needed to run") if chosen.needs_key else _("Only if the server wants one")


def _parameter(parameter: Parameter) -> None:
    help_text = _(parameter.help)
    field = f"param_{parameter.name}"
    on = st.toggle(
        parameter.name,
        key=f"on_{parameter.name}",
        persist_state=state.KEEP,
        help=help_text,
        on_change=state.start_with,
        args=(field, state.as_held(parameter.start)),
    )
    if not on:
        return
    state.start_with(field, state.as_held(parameter.start))
    label = f"{parameter.name} ({parameter.unit})" if parameter.unit else parameter.name
    if parameter.kind == "choice":
        st.selectbox(label, parameter.choices, key=field, persist_state=state.KEEP, label_visibility="collapsed")
    elif parameter.kind in ("number", "integer"):
        _number(parameter, label, field)
    else:
        st.text_area(
            label,
            key=field,
            persist_state=state.KEEP,
            label_visibility="collapsed",
            height=68,
            max_chars=state.FIELD_CHARACTERS,
        )


def _number(parameter: Parameter, label: str, field: str) -> None:
    """Without bounds, and whole numbers as others: what a widget refuses or rounds stays in sight while something else
    would run. The draft checks."""
    if written := state.text(field):
        state.put(field, float(written))
    st.number_input(
        label,
        value=None,
        step=1.0 if parameter.kind == "integer" else None,
        format=EVERY_DIGIT,
        key=field,
        persist_state=state.KEEP,
        label_visibility="collapsed",
    )


def _listed(chosen: Provider) -> tuple[tuple[str, ...], str]:
    """The models that the server lists, else the known ones with a word on why."""
    key = state.typed_key(draft.key_field())
    if chosen.needs_key and key is None and chosen.key_variable not in engine().key_variables:
        return chosen.known_models, ""
    base_url = _address() if chosen.needs_base_url else ""
    if (chosen.needs_base_url and not base_url) or not _is_confirmed(chosen):
        return chosen.known_models, ""
    names, note = _ask(chosen.name, base_url, key.get_secret_value() if key else "")
    return (names or chosen.known_models), note


def _ask(provider: str, base_url: str, key: str) -> tuple[tuple[str, ...], str]:
    try:
        names, outcome = _asked(provider, base_url, key)
    except ValidationError as error:
        return (), misfits.of_fields(error)
    return names, explained(outcome) if outcome else ""


@st.cache_data(ttl=FAILED_S, max_entries=100, show_spinner=False)
def _asked(provider: str, base_url: str, key: str) -> tuple[tuple[str, ...], Outcome | None]:
    """A failure is remembered for some seconds only: the server may be started right now."""
    try:
        return _answered(provider, base_url, key), None
    except Refused as refused:
        return (), refused.outcome


@st.cache_data(ttl=LISTED_S, max_entries=100, show_spinner=False)
def _answered(provider: str, base_url: str, key: str) -> tuple[str, ...]:
    spec = ModelSpec(provider=provider, base_url=base_url or None)
    return tuple(engine().models(spec, SecretStr(key) if key else None))
