"""The session's memory: the draft and ids, nothing else. The only place that touches `st.session_state`.

The draft lives in the widgets' own keys, so that it is there whichever page is open.
"""

import json
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, cast

import streamlit as st
from pydantic import JsonValue, SecretStr

from chains.examples.catalogue import Example
from chains.spec import ChainSpec, MessageSpec, ModelSpec, RunRequest
from chains.tables import as_text

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
        put_table([{"topic": topic} for topic in EXAMPLE_TOPICS], ())


def take_request(request: RunRequest, known: Collection[str] = ()) -> None:
    """Fills the form from a request; what it does not say is emptied or turned off.

    Parameters that are not among `known` go into the field for others.
    """
    chain, model = request.chain, request.chain.model
    _forget("on_", "param_", "var_", "table_note")
    keep = st.session_state
    put_messages(chain.messages)
    put_branches([(branch.name, branch.messages) for branch in chain.branches or ()])
    keep["chain_name"], keep["template_format"], keep["parser"] = chain.name, chain.template_format, chain.parser
    keep["provider"], keep["base_url"] = model.provider, model.base_url or ""
    keep["model"] = model.model or None
    keep["run_with"] = request.run_with
    keep["mode"], keep["max_concurrency"] = request.mode, request.max_concurrency
    put_table([{name: as_text(value) for name, value in row.items()} for row in request.inputs], ())
    others = {name: value for name, value in model.parameters.items() if name not in known}
    keep["other_parameters"] = json.dumps(others, ensure_ascii=False) if others else ""
    for name, value in model.parameters.items():
        if name in others:
            continue
        keep[f"on_{name}"], keep[f"param_{name}"] = True, shown(value)
    for name, value in request.inputs[0].items():
        keep[f"var_{name}"] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def take_example(found: Example) -> None:
    """Fills the form from a guided example, with no run shown yet, and chooses what is open after the next one."""
    take_request(found.request)
    show_run("")
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


def show_run(run: str, *, loop: str = "") -> None:
    """Makes a run the one that the playground shows; the form as it is now belongs to it.

    `loop` is the run of the same inputs one after the other that it is shown against.
    """
    keep = st.session_state
    if run != current_run():
        keep["run_before"], keep["current_run"] = current_run(), run
    keep["loop"] = loop
    keep.pop("run_draft", None)
    # Last: Streamlit may interrupt a callback at any of these, and a press that was not told keeps its name.
    keep["runs_shown"] = keep.get("runs_shown", 0) + 1


def loop() -> str:
    """The run that the playground shows the present one against; '' when it shows it alone."""
    return text("loop")


def run_before() -> str:
    """The run that the playground showed before the present one; '' when there was none."""
    return text("run_before")


def conversation() -> str:
    """The conversation that this session shows; '' for one that has yet to begin."""
    return text("conversation")


def show_conversation(conversation: str) -> None:
    """Makes a conversation the one that is shown; in this run of the script the address does not gainsay it."""
    st.session_state["conversation"], st.session_state["moved"] = conversation, True


def has_moved() -> bool:
    """Whether a press has chosen what is shown since this was asked last: then the address may lag behind."""
    return bool(st.session_state.pop("moved", False))


def question_press() -> str:
    """Names the next question of a chat: the same until one was asked, however often it is sent."""
    keep = st.session_state
    return f"{keep.setdefault('seat', secrets.token_urlsafe(16))} question {keep.setdefault('asked', 0)}"


def note_asked() -> None:
    st.session_state["asked"] = st.session_state.get("asked", 0) + 1


def table() -> list[dict[str, str]]:
    """The rows of the batch's table as its grid was given them: what is changed there is in `grid_edits`."""
    return cast(list[dict[str, str]], st.session_state.get("table", []))


def table_columns() -> tuple[str, ...]:
    """The columns that the grid was given."""
    return cast(tuple[str, ...], st.session_state.get("table_columns", ()))


def put_table(rows: Iterable[Mapping[str, str]], columns: tuple[str, ...]) -> None:
    """Gives the grid other rows; what was changed in it is forgotten."""
    keep = st.session_state
    keep["table"], keep["table_columns"] = [dict(row) for row in rows], columns
    for key in ("input_table", "table_now"):
        keep.pop(key, None)


def note_table(rows: Iterable[Mapping[str, str]]) -> None:
    """Takes note of the rows with all changes: a grid that is not drawn loses them."""
    st.session_state["table_now"] = [dict(row) for row in rows]


def last_table() -> list[dict[str, str]] | None:
    """The rows as they last stood in the grid; None when it was not drawn since it was given them."""
    return cast(list[dict[str, str]] | None, st.session_state.get("table_now"))


def grid_edits(key: str) -> Mapping[str, Any] | None:
    """What is changed in a grid: `edited_rows`, `added_rows`, `deleted_rows`; None while it is not on the page."""
    return cast(Mapping[str, Any] | None, st.session_state.get(key))


def uploaded(key: str) -> tuple[str, bytes] | None:
    """Name and content of the file in an uploader."""
    file = st.session_state.get(key)
    return (file.name, file.getvalue()) if file else None


def note_item(view: str) -> None:
    """Takes note that another item of a batch was chosen in the view of that key."""
    st.session_state["chosen_item"] = st.session_state[view]["item"]


def chosen_item(run: str) -> int:
    """The item of a batch that was chosen last, wherever it was, by index; the first where none was."""
    chosen = st.session_state.get("chosen_item") or {}
    return int(chosen["item"]) if chosen.get("run") == run else 0


def marked_chunk(run: str) -> int | None:
    """The number, from 1, of the chunk of that run that is marked."""
    return _marked(run)[0]


def drawn_chunk(run: str) -> int | None:
    """The same, if a chart is to draw the mark: one that was chosen in the chart itself is drawn there already."""
    return _marked(run)[1]


def mark_chunk(run: str, number: int | None, *, drawn: bool) -> None:
    """Marks one chunk in place of what was marked."""
    st.session_state["marked"] = (run, number, number if drawn else None)


def component_value(key: str, name: str) -> JsonValue:
    """What a component of ours has told under a name."""
    return cast(JsonValue, (st.session_state.get(key) or {}).get(name))


def chosen_points(key: str) -> list[int]:
    """The numbers of the points that are chosen in a chart; they stand first in the points' `customdata`."""
    chosen = st.session_state.get(key) or {"selection": {"points": []}}
    return [int(point["customdata"][0]) for point in chosen["selection"]["points"]]


def shown(value: JsonValue) -> JsonValue:
    """A parameter's value as its widget holds it: a list of texts is a text a line."""
    return "\n".join(str(part) for part in value) if isinstance(value, list) else value


def _marked(run: str) -> tuple[int | None, int | None]:
    of, number, drawn = st.session_state.get("marked") or ("", None, None)
    return (number, drawn) if of == run else (None, None)


def _sent(name: str, value: JsonValue) -> JsonValue:
    if name == "stop":
        return [line for line in str(value or "").split("\n") if line]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _forget(*prefixes: str) -> None:
    for key in list(st.session_state):
        if str(key).startswith(prefixes):
            del st.session_state[key]
