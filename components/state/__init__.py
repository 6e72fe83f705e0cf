"""The session's memory: the draft and ids, nothing else. The only place that touches `st.session_state`.

The draft lives in the widgets' own keys, so that it is there whichever page is open.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, cast

import streamlit as st
from pydantic import JsonValue, SecretStr

from chains.examples.catalogue import Example
from chains.spec import MAX_BRANCHES, ChainSpec, MessageSpec, ModelSpec, RunRequest
from chains.tables import as_text
from components.state import addresses as addresses
from components.state import drafts as drafts
from components.state import grid, saved, shown
from components.state.form import bound, document, images, inputs, places, templates
from components.state.form import conversion as conversion
from components.state.form import more as more
from components.state.form import sections as sections
from components.state.form.places import rows_of as rows_of
from components.state.form.rows import Row as Row
from components.state.values import drop as drop
from components.state.values import flag as flag
from components.state.values import put as put
from components.state.values import start_with as start_with
from components.state.values import text as text
from components.state.values import texts as texts

KEEP: Literal["session"] = "session"
"""`persist_state` of every widget of the draft."""

FIELD_CHARACTERS = 50_000
"""What a field of the draft takes; Streamlit drops a paste beyond it."""

Branch = tuple[str, tuple[MessageSpec, ...]]
"""A branch's name and its own rows."""
HeldBranch = tuple[str, tuple[Row, ...]]

EXAMPLE = ChainSpec(
    name="joke about {topic}",
    messages=(MessageSpec(role="human", template="Tell me a joke about {topic}"),),
    model=ModelSpec(provider="simulated", model="simulated"),
)
EXAMPLE_INPUTS: Mapping[str, JsonValue] = {"topic": "ice cream"}


EXAMPLE_TOPICS = ("ice cream", "chocolate", "vanilla")


def is_framed() -> bool:
    """Whether this session has passed the entry script."""
    return bool(st.session_state.get("framed"))


def note_framed() -> None:
    st.session_state["framed"] = True


def ensure_draft() -> None:
    """Begins with the example when the session has no draft."""
    if "row_count" not in st.session_state:
        take_request(RunRequest(chain=EXAMPLE, inputs=(dict(EXAMPLE_INPUTS),)))
        grid.put_table([{"topic": topic} for topic in EXAMPLE_TOPICS], ())


def take_request(request: RunRequest, known: Collection[str] = ()) -> None:
    """Fills the form from a request; what it does not say is emptied or turned off.

    Parameters that are not among `known` go into the field for others.
    """
    chain, model = request.chain, request.chain.model
    _forget("on_", "param_", "var_", "aside_", "table_note")
    saved.forget()
    keep = st.session_state
    put_messages(chain.messages)
    put_branches([(branch.name, branch.messages) for branch in chain.branches or ()])
    document.put_off(())
    sections.forget()
    keep["chain_name"], keep["template_format"], keep["parser"] = chain.name, chain.template_format, chain.parser
    keep["provider"], keep["base_url"] = model.provider, model.base_url or ""
    keep["model"] = model.model or None
    keep["run_with"] = request.run_with
    keep["mode"], keep["max_concurrency"] = request.mode, request.max_concurrency
    grid.put_table([{name: as_text(value) for name, value in row.items()} for row in request.inputs], ())
    others = {name: value for name, value in model.parameters.items() if name not in known}
    keep["other_parameters"] = json.dumps(others, ensure_ascii=False) if others else ""
    for name, value in model.parameters.items():
        if name in others:
            continue
        keep[f"on_{name}"], keep[f"param_{name}"] = True, as_held(value)
    inputs.take({**chain.partials, **request.inputs[0]})
    bound.put(chain.partials)


def take_example(found: Example) -> None:
    """Fills the form from a guided example, with no run shown yet, and chooses what is open after the next one."""
    take_request(found.request)
    shown.show_run("")
    keep = st.session_state
    keep["example"] = found.id
    for view in ("run_view", "kept_view"):
        keep[f"reading_of_{view}"] = found.reading
    if found.code_form:
        keep[f"code_form_{found.request.mode}"] = found.code_form


def row_count(of: str = "") -> int:
    """How many rows there are; `of` is what the keys of a branch's rows begin with, '' for those that all share."""
    return cast(int, st.session_state[f"{of}row_count"])


def add_row(of: str = "") -> None:
    """Adds an empty human message at the end."""
    document.make_room(places.index(of, row_count(of)))
    put_messages((*held(of), Row(role="human", template="")), of)


def delete_row(n: int, of: str = "") -> None:
    """Deletes message `n`; those below move up."""
    document.forget_rows(places.index(of, n))
    rows = held(of)
    put_messages((*rows[:n], *rows[n + 1 :]), of)


def held(of: str = "") -> tuple[Row, ...]:
    """The rows with all that the form holds for them."""
    keep = st.session_state
    return tuple(
        Row(keep.get(f"{of}role_{n}") or "human", templates.text(f"{of}template_{n}"), images.held(n, of))
        for n in range(row_count(of))
    )


def messages(of: str = "") -> tuple[MessageSpec, ...]:
    """The rows as a chain is given them."""
    return tuple(row.sent() for row in held(of))


def put_messages(rows: Sequence[MessageSpec | Row], of: str = "") -> None:
    keep = st.session_state
    _forget(f"{of}role_", f"{of}images_", f"{of}upload_")
    keep[f"{of}row_count"] = len(rows)
    for n, row in enumerate(rows):
        templates.put(f"{of}template_{n}", row.template)
        keep[f"{of}role_{n}"] = row.role
        images.put(n, row.images, of)
    templates.keep_only(len(rows), of)


def rows() -> tuple[MessageSpec, ...]:
    """All rows, in the order of `ChainSpec.rows`: those that all branches share, then each branch's own."""
    return (*messages(), *(row for _name, own in branches() for row in own))


def branches() -> list[Branch]:
    """The parallel branches in order, none for a plain chain."""
    return [(name, tuple(row.sent() for row in rows)) for name, rows in held_branches()]


def held_branches() -> list[HeldBranch]:
    """The branches with all that the form holds for their rows."""
    count = cast(int, st.session_state.get("branch_count", 0))
    return [(text(f"{rows_of(b)}name").strip(), held(rows_of(b))) for b in range(count)]


def put_branches(wanted: Sequence[tuple[str, Sequence[MessageSpec | Row]]]) -> None:
    _forget("branch_")
    st.session_state["branch_count"] = len(wanted)
    for b, (name, rows) in enumerate(wanted):
        st.session_state[f"{rows_of(b)}name"] = name
        put_messages(rows, rows_of(b))
    for b in range(len(wanted), MAX_BRANCHES):
        templates.keep_only(0, rows_of(b))


def parameters(names: Iterable[str]) -> dict[str, JsonValue]:
    """The parameters among `names` that are turned on; None for one whose field is empty."""
    keep = st.session_state
    return {name: _sent(name, keep.get(f"param_{name}")) for name in names if keep.get(f"on_{name}")}


def typed_key(field: str) -> SecretStr | None:
    """The key typed into a field, for this session only."""
    value = text(field).strip()
    return SecretStr(value) if value else None


def language() -> str:
    """The language that was chosen for this session; '' for the browser's."""
    return text("language")


def as_held(value: JsonValue) -> JsonValue:
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
