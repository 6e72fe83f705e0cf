"""What the variants of a run come to, on the Runs page: a table, a sentence each, two answers side by side, exports."""

import csv
import io
import json
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element

from components.run.batch import as_csv, as_json_lines
from runs.log import RunLog
from runs.opened import engine
from tests.components.app import RUNS, kept, said
from tests.support.playground import Json, request

WHOLE = "# Role\nA cook.\n# Task\nCook {topic}.\n# Form\n# Steps\n# Time"
WAYS = {"all on": WHOLE, "all on, again": WHOLE, "without Role": WHOLE[15:], "without <b>_Task_</b>": "# Role\nA cook."}
TOPICS = ["rice", "차"]


def asked(*topics: str) -> Json:
    variants = [{"name": name, "messages": [{"role": "human", "template": text}]} for name, text in WAYS.items()]
    wire = request(mode="batch", template=WHOLE)
    return {**wire, "variants": variants, "inputs": [{"topic": topic} for topic in topics], "max_concurrency": 4}


@pytest.fixture
def run(fresh: None) -> str:
    return kept(asked(*TOPICS))


def test_it_is_the_first_reading_with_a_row_a_variant(app: AppTest, run: str) -> None:
    _open(app, run)
    table = app.dataframe[0].value
    assert list(table["variant"]) == list(WAYS)
    assert list(table["alike"])[1] == 100
    assert list(table["done"]) == [2] * 4
    assert table["saves"][1] == 0
    assert table["saves"][3] > table["saves"][2] > 0
    record: Json = engine().record(run)
    tokens = [item["metrics"]["tokens"] for item in record["items"] if item["variant"] == "all on"]
    assert table["output"][0] == round(sum(tokens) / 2)


def test_every_variant_has_a_sentence_and_no_name_is_markup(app: AppTest, run: str) -> None:
    _open(app, run)
    assert "**all on, again** The same prompt gave all 2 answers again" in said(app)
    assert "**without Role** The 2 answers are" in said(app)
    assert "**without <b>_Task_</b>** The 2 answers are" in said(app)
    assert "Least like the answers of all on: without <b>_Task_</b>" in said(app)
    assert any("without \\<b\\>\\_Task\\_" in str(element.value) for element in app.markdown)


def test_two_answers_stand_side_by_side_and_both_can_be_chosen(app: AppTest, run: str) -> None:
    _open(app, run)
    texts = _texts(run)
    assert _names(app) == ["all on", "without <b>_Task_</b>"]
    app.selectbox(key=f"variant_of_kept_view_{run}").set_value(2).run()
    assert _names(app) == ["all on", "without Role"]
    assert _sides(app) == (texts["rice", "all on"], texts["rice", "without Role"])
    app.number_input(key=f"input_of_kept_view_{run}").set_value(2).run()
    assert _sides(app) == (texts["차", "all on"], texts["차", "without Role"])
    assert not app.exception


def test_with_one_input_there_is_none_to_choose_and_the_doubt_is_said(app: AppTest) -> None:
    _open(app, kept(asked("rice")))
    assert not app.number_input
    assert "One input, and so one answer a variant: little to go by." in said(app)
    assert "It may all be chance" not in said(app)
    alone = asked("rice")
    del alone["variants"][1]
    _open(app, kept(alone))
    assert "It may all be chance: all on ran once an input" in said(app)


def test_an_answer_that_failed_is_counted_and_said(app: AppTest) -> None:
    wire = asked("rice")
    wire["variants"][2]["messages"][0]["template"] = "Cook {missing}."
    _open(app, kept(wire))
    assert list(app.dataframe[0].value["done"]) == [1, 1, 0, 1]
    assert "**without Role** No answer came to its end beside one of all on" in said(app)
    app.selectbox[0].set_value(2).run()
    assert _names(app) == ["all on", "without Role · failed"]


def test_the_messages_of_the_chosen_row_s_variant_are_shown(app: AppTest, run: str) -> None:
    _open(app, run)
    assert app.code[0].value == WHOLE
    app.session_state["chosen_item"] = {"run": run, "item": 5}
    app.run()
    assert app.code[0].value == WAYS["without Role"]
    assert "**without Role**" in said(app)
    assert "Input of item 6 of 8" in said(app)
    assert app.code[1].value == "차"


def test_the_program_is_that_of_the_chosen_row_s_variant(app: AppTest, run: str) -> None:
    _open(app, run)
    app.session_state["chosen_item"] = {"run": run, "item": 5}
    app.session_state["reading_of_kept_view"] = "code"
    app.run()
    assert "The program of the variant without Role." in said(app)
    source = next(code.value for code in app.code if code.value.startswith('"""'))
    assert "# Role" not in source
    own, others = (_lines(run, name) for name in ("without Role", "all on"))
    assert own - others
    assert all(line in source for line in own)
    assert not any(line in source for line in others - own)


def test_the_timing_says_what_counts_as_an_input(app: AppTest, run: str) -> None:
    app.session_state["reading_of_kept_view"] = "timing"
    _open(app, run)
    assert "An input with one of its variants counts as an input here" in said(app)
    assert "8 of 8" in said(app)


def test_the_exports_name_input_and_variant_of_each_row(app: AppTest, run: str) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(run).decode("utf-8-sig"))))
    assert [(row["item"], row["input"], row["variant"]) for row in rows][3:6] == [
        ("4", "1", "without <b>_Task_</b>"),
        ("5", "2", "without <b>_Task_</b>"),
        ("6", "2", "without Role"),
    ]
    assert [row["input.topic"] for row in rows] == ["rice"] * 4 + ["차"] * 4
    lines = [json.loads(line) for line in as_json_lines(run).decode().splitlines()]
    assert [(line["input"], line["variant"], line["text"]) for line in lines] == [
        (int(row["input"]), row["variant"], row["text"]) for row in rows
    ]


def test_the_exports_of_other_batches_are_as_before(app: AppTest) -> None:
    alone = kept(request(mode="batch"))
    assert as_csv(alone).decode("utf-8-sig").startswith("item,input.topic,status,")
    assert "variant" not in as_json_lines(alone).decode()


def test_an_input_with_a_failed_row_runs_again_with_all_variants(app: AppTest) -> None:
    wire = asked("rice", "차", "tea")
    wire["variants"][2]["messages"][0]["template"] = "Cook {other}."
    wire["inputs"][0]["other"] = wire["inputs"][2]["other"] = "rice"
    app.query_params["run"] = kept(wire)
    app.run()
    assert app.button(key="run_failed").label == "Run 1 input with failed rows again"
    app.button(key="run_failed").click().run()
    again = engine().request("".join(app.query_params["run"]))
    assert [inputs["topic"] for inputs in again.inputs] == ["차"]
    assert again.items == 4


@pytest.mark.parametrize("reading", ["variants", "markdown", "message", "events", "code", "timing"])
def test_drawn_again_a_reading_reads_no_log(
    app: AppTest, run: str, monkeypatch: pytest.MonkeyPatch, reading: str
) -> None:
    read = _reads(monkeypatch)
    app.session_state["reading_of_kept_view"] = reading
    _open(app, run)
    assert read
    read.clear()
    app.run()
    assert not read
    assert not app.exception


def test_another_input_reads_the_two_answers_once(app: AppTest, run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _open(app, run)
    read = _reads(monkeypatch)
    app.number_input(key=f"input_of_kept_view_{run}").set_value(2).run()
    assert read == ["lines"]


def test_a_long_run_s_first_events_are_listed_and_their_number_said(
    app: AppTest, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("components.run.readings.events.MAX_LISTED", 3)
    app.session_state["reading_of_kept_view"] = "events"
    _open(app, run)
    assert list(app.dataframe[0].value["seq"]) == [0, 1, 2]
    assert f"The first 3 of {engine().log(run).length:,} events." in said(app)


def _reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is read of logs from now on, by the name of what reads it."""
    found: list[str] = []

    def noting(name: str, read: Callable[..., object]) -> Callable[..., object]:
        def noted(*given: object) -> object:
            found.append(name)
            return read(*given)

        return noted

    for name in ("lines", "slice"):
        monkeypatch.setattr(RunLog, name, noting(name, getattr(RunLog, name)))
    whole = noting("events", lambda log: log.slice(0, log.length))
    monkeypatch.setattr(RunLog, "events", property(whole))
    return found


def _open(app: AppTest, run: str) -> None:
    app.run().switch_page(RUNS).run()
    app.query_params["run"] = run
    app.run()
    assert not app.exception


def _texts(run: str) -> dict[tuple[str, str], str]:
    """The answers by topic and variant."""
    asked, items = engine().request(run), engine().record(run)["items"]
    assert isinstance(items, list)
    return {
        (str(asked.values_of(index)["topic"]), asked.variant_name(index)): str(item["text"])
        for index, item in enumerate(items)
        if isinstance(item, dict)
    }


def _lines(run: str, variant: str) -> set[str]:
    """The lines of a variant's answers that are long enough to be its own."""
    texts = [_texts(run)[topic, variant] for topic in TOPICS]
    return {line for text in texts for line in text.split("\n") if len(line) > 20}


def _diff(app: AppTest) -> Json:
    (view,) = (
        view for view in app.get("bidi_component") if isinstance(view, Element) and str(view.key).endswith("_diff")
    )
    told: Json = json.loads(view.proto.json)[0]
    return told


def _names(app: AppTest) -> list[str]:
    return list(_diff(app)["names"])


def _sides(app: AppTest) -> tuple[str, str]:
    """Both texts as the view is sent them."""
    (message,) = _diff(app)["messages"]
    rows = message["sections"][0]["rows"]
    left = ["".join(row[1]) for row in rows if row[0] != "added"]
    right = ["".join(row[-1]) for row in rows if row[0] != "removed"]
    return "\n".join(left), "\n".join(right)
