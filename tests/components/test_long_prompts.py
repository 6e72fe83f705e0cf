"""The page over the longest prompts: it answers at once, and no variable is without a way to its value."""

import gc
import json
import time

import pytest
from streamlit.testing.v1 import AppTest

from components.prompt.fields.settings import MOST
from runs.opened import engine
from tests.components.app import fields, ready, run_of, said, write
from tests.support.playground import Json

TRIES = 3
LIMIT_S = 0.5
"""A rerun takes less than half of it; the rest is for a machine that is busy with something else."""

MANY = [f"n{number}" for number in range(MOST + 2)]


def names(count: int) -> str:
    return "".join(f"{{n{number:x}}}" for number in range(count))


def cpu_s(app: AppTest) -> float:
    """Seconds of a rerun, the best of some, by the CPU of the process: the script has a thread of its own."""
    gc.collect()
    gc.disable()
    try:
        return min(_once(app) for _ in range(TRIES))
    finally:
        gc.enable()


def _once(app: AppTest) -> float:
    began = time.process_time()
    app.run()
    return time.process_time() - began


@pytest.mark.parametrize(
    "template",
    ["{a}" * 16_600, "{" * 50_000, names(1_000), names(6_500)],
    ids=["one name", "braces", "1,000 names", "6,500 names"],
)
def test_a_rerun_with_a_long_template_is_quick(app: AppTest, template: str) -> None:
    write(app.run(), template)
    assert cpu_s(app) < LIMIT_S
    assert not app.exception


def test_a_rerun_with_many_long_messages_is_quick(app: AppTest) -> None:
    app.run()
    for row in range(50):
        app.session_state[f"role_{row}"] = "human"
        app.session_state[f"text_template_{row}"] = {
            "text": "word {topic} and {other} " * 180,
            "revision": "1",
            "taken": 0,
        }
    app.session_state["row_count"] = 50
    app.run()
    assert cpu_s(app) < LIMIT_S
    assert not app.exception


@pytest.mark.parametrize("mode", ["stream", "batch"])
def test_a_rerun_with_many_names_is_quick_in_mustache_too(app: AppTest, mode: str) -> None:
    app.run().segmented_control(key="template_format").set_value("mustache").run()
    app.segmented_control(key="mode").set_value(mode).run()
    write(app, names(1_000).replace("{", "{{").replace("}", "}}"))
    assert cpu_s(app) < LIMIT_S
    assert not app.exception


def test_a_rerun_with_ten_thousand_inputs_looks_at_few_of_them(app: AppTest) -> None:
    app.run().segmented_control(key="template_format").set_value("mustache").run()
    app.session_state["table"] = [{"topic": f"topic {row}"} for row in range(10_000)]
    app.segmented_control(key="mode").set_value("batch").run()
    write(app, "Tell {{topic}}")
    assert cpu_s(app) < LIMIT_S
    assert ready(app)


def test_variables_beyond_those_with_a_field_get_their_values_in_a_table(app: AppTest) -> None:
    write(app.run(), "".join(f"{{{name}}}" for name in MANY))
    assert list(fields(app)) == MANY[:MOST]
    assert "2 more variables. Their values go into this table" in said(app)
    for name in MANY[:MOST]:
        app.session_state[f"var_{name}"] = "x"
    _type(app, {0: "first", 1: "second"})
    assert ready(app)
    app.button(key="run").click().run()
    asked = _asked(app)
    assert [asked["inputs"][0][name] for name in MANY[MOST - 1 :]] == ["x", "first", "second"]


def test_the_table_of_values_follows_what_is_changed_elsewhere(app: AppTest) -> None:
    write(app.run(), "".join(f"{{{name}}}" for name in MANY))
    _type(app, {0: "first"})
    app.run()
    assert _table(app) == ["first", ""]
    write(app, "".join(f"{{{name}}}" for name in MANY[1:]))
    assert fields(app)[MANY[MOST]] == "first"
    assert _table(app) == [""]
    app.text_area(key=f"var_{MANY[MOST]}").set_value("changed").run()
    write(app, "".join(f"{{{name}}}" for name in MANY))
    assert _table(app) == ["changed", ""]
    assert not app.exception


def test_a_cell_that_is_emptied_empties_the_value(app: AppTest) -> None:
    write(app.run(), "".join(f"{{{name}}}" for name in MANY))
    _type(app, {0: "first", 1: "second"})
    _type(app, {0: None, 1: "second"})
    assert app.session_state[f"var_{MANY[MOST]}"] == ""
    assert app.session_state[f"var_{MANY[MOST + 1]}"] == "second"


def test_variables_beyond_the_columns_of_a_batch_are_said_and_take_a_file_s_values(app: AppTest) -> None:
    app.run().segmented_control(key="mode").set_value("batch").run()
    write(app, "".join(f"{{{name}}}" for name in MANY))
    assert "2 more variables have no column here: load their values from a file." in said(app)
    assert "and 2 more" in said(app)
    row = ",".join(name.upper() for name in MANY)
    app.file_uploader(key="input_file").set_value(("a.csv", f"{','.join(MANY)}\n{row}\n".encode(), "text/csv")).run()
    assert ready(app)
    app.button(key="run").click().run()
    assert _asked(app)["inputs"] == [{name: name.upper() for name in MANY}]


def _type(app: AppTest, cells: dict[int, str | None]) -> None:
    """Types into the table as a browser tells it: all that was changed since the table was given."""
    (table,) = app.dataframe
    states = app._tree.get_widget_states()
    told = states.widgets.add(id=table.proto.id)
    rows = {row: {"value": text} for row, text in cells.items()}
    told.string_value = json.dumps({"edited_rows": rows, "added_rows": [], "deleted_rows": []})
    app._run(states)


def _table(app: AppTest) -> list[str]:
    """What the table of values shows: what it was given, with what was typed into it since."""
    given = app.session_state["more_asked"]
    typed = app.session_state[f"more_asked_{given['number']}"]["edited_rows"]
    return [typed[row]["value"] if row in typed else text for row, text in enumerate(given["texts"])]


def _asked(app: AppTest) -> Json:
    asked: Json = engine().record(run_of(app))["request"]  # type: ignore[assignment]
    return asked
