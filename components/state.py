"""The session's memory: the draft and ids, nothing else. The only place that touches `st.session_state`.

The draft lives in the widgets' own keys, so that it is there whichever page is open.
"""

import json
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, cast

import streamlit as st
from pydantic import JsonValue, SecretStr

from chains.spec import ChainSpec, MessageSpec, ModelSpec, RunRequest

KEEP: Literal["session"] = "session"
"""`persist_state` of every widget of the draft."""

FIELD_CHARACTERS = 50_000
"""What a field of the draft takes; Streamlit drops a paste beyond it."""

Branch = tuple[str, tuple[MessageSpec, ...]]
"""A branch's name and its own rows."""

EXAMPLE = ChainSpec(
    name="joke about {topic}",
    messages=(MessageSpec(role="human", template="Tell me a joke about {topic}"),),
    model=ModelSpec(provider="simulated", model="simulated"),
)
EXAMPLE_INPUTS: Mapping[str, JsonValue] = {"topic": "ice cream"}


def is_framed() -> bool:
    """Whether this session has passed the entry script."""
    return bool(st.session_state.get("framed"))


def note_framed() -> None:
    st.session_state["framed"] = True


def ensure_draft() -> None:
    """Begins with the example when the session has no draft."""
    if "row_count" not in st.session_state:
        take_request(RunRequest(chain=EXAMPLE, inputs=(dict(EXAMPLE_INPUTS),)))


def take_request(request: RunRequest, known: Collection[str] = ()) -> None:
    """Fills the form from a request; what it does not say is emptied or turned off.

    Parameters that are not among `known` go into the field for others.
    """
    chain, model = request.chain, request.chain.model
    _forget("on_", "param_", "var_")
    keep = st.session_state
    put_messages(chain.messages)
    put_branches([(branch.name, branch.messages) for branch in chain.branches or ()])
    keep["chain_name"], keep["template_format"], keep["parser"] = chain.name, chain.template_format, chain.parser
    keep["provider"], keep["base_url"] = model.provider, model.base_url or ""
    keep["model"] = model.model or None
    keep["mode"] = request.mode if request.mode != "batch" else "stream"
    others = {name: value for name, value in model.parameters.items() if name not in known}
    keep["other_parameters"] = json.dumps(others, ensure_ascii=False) if others else ""
    for name, value in model.parameters.items():
        if name in others:
            continue
        keep[f"on_{name}"], keep[f"param_{name}"] = True, shown(value)
    for name, value in request.inputs[0].items():
        keep[f"var_{name}"] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def row_count(of: str = "") -> int:
    """How many rows there are; `of` is what the keys of a branch's rows begin with, '' for those that all share."""
    return cast(int, st.session_state[f"{of}row_count"])


def add_row(of: str = "") -> None:
    """Adds an empty human message at the end."""
    put_messages((*messages(of), MessageSpec(role="human", template="")), of)


def delete_row(n: int, of: str = "") -> None:
    """Deletes message `n`; those below move up."""
    rows = messages(of)
    put_messages((*rows[:n], *rows[n + 1 :]), of)


def messages(of: str = "") -> tuple[MessageSpec, ...]:
    keep = st.session_state
    return tuple(
        MessageSpec(role=keep.get(f"{of}role_{n}") or "human", template=keep.get(f"{of}template_{n}") or "")
        for n in range(row_count(of))
    )


def put_messages(rows: Sequence[MessageSpec], of: str = "") -> None:
    keep = st.session_state
    _forget(f"{of}template_", f"{of}role_")
    keep[f"{of}row_count"] = len(rows)
    for n, row in enumerate(rows):
        keep[f"{of}template_{n}"], keep[f"{of}role_{n}"] = row.template, row.role


def branches() -> list[Branch]:
    """The parallel branches in order, none for a plain chain."""
    count = cast(int, st.session_state.get("branch_count", 0))
    return [(text(f"{rows_of(b)}name").strip(), messages(rows_of(b))) for b in range(count)]


def put_branches(wanted: Sequence[Branch]) -> None:
    _forget("branch_")
    st.session_state["branch_count"] = len(wanted)
    for b, (name, rows) in enumerate(wanted):
        st.session_state[f"{rows_of(b)}name"] = name
        put_messages(rows, rows_of(b))


def rows_of(branch: int) -> str:
    """What the keys of a branch begin with."""
    return f"branch_{branch}_"


def text(key: str, otherwise: str = "") -> str:
    """A widget's text; `otherwise` when it has none yet."""
    return str(st.session_state.get(key) or otherwise)


def start_with(key: str, value: JsonValue) -> None:
    """Gives a widget its first value, unless the draft has one."""
    if key not in st.session_state:
        st.session_state[key] = value


def drop(key: str) -> None:
    """Forgets a widget's value; it begins anew."""
    st.session_state.pop(key, None)


def put(key: str, value: JsonValue) -> None:
    st.session_state[key] = value


def parameters(names: Iterable[str]) -> dict[str, JsonValue]:
    """The parameters among `names` that are turned on; None for one whose field is empty."""
    keep = st.session_state
    return {name: _sent(name, keep.get(f"param_{name}")) for name in names if keep.get(f"on_{name}")}


def typed_key(field: str) -> SecretStr | None:
    """The key typed into a field, for this session only."""
    value = text(field).strip()
    return SecretStr(value) if value else None


def press() -> str:
    """Names the next press of Run: the same until the session shows another run, however often it is pressed."""
    keep = st.session_state
    return f"{keep.setdefault('seat', secrets.token_urlsafe(16))} {keep.setdefault('runs_shown', 0)}"


def language() -> str:
    """The language that was chosen for this session; '' for the browser's."""
    return text("language")


def current_run() -> str:
    """The run that the playground shows; '' before the first."""
    return text("current_run")


def show_run(run: str) -> None:
    """Makes a run the one that the playground shows; the form as it is now belongs to it."""
    keep = st.session_state
    if run != current_run():
        keep["run_before"], keep["current_run"] = current_run(), run
    keep.pop("run_draft", None)
    # Last: Streamlit may interrupt a callback at any of these, and a press that was not told keeps its name.
    keep["runs_shown"] = keep.get("runs_shown", 0) + 1


def run_before() -> str:
    """The run that the playground showed before the present one; '' when there was none."""
    return text("run_before")


def chosen_item(view: str, run: str) -> int:
    """The item of a batch that is chosen in the view of that key, by index; the first where none was."""
    chosen = st.session_state.get(view, {}).get("item") or {}
    return int(chosen["item"]) if chosen.get("run") == run else 0


def shown(value: JsonValue) -> JsonValue:
    """A parameter's value as its widget holds it: a list of texts is a text a line."""
    return "\n".join(str(part) for part in value) if isinstance(value, list) else value


def _sent(name: str, value: JsonValue) -> JsonValue:
    if name == "stop":
        return [line for line in str(value or "").split("\n") if line]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _forget(*prefixes: str) -> None:
    for key in list(st.session_state):
        if str(key).startswith(prefixes):
            del st.session_state[key]
