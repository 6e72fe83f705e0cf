"""Words inside a sentence: English on the wire as ever, and said in another language by whoever knows it."""

import ast
import json
from pathlib import Path

import pytest

from chains.outcomes import Outcome, sentences
from chains.phrases import PHRASES, Phrase, filled, said, values_of
from tests.support.playground import ROOT

MAKERS = {"Phrase", "_bad_url", "_no_chat"}
"""The calls whose first argument is a phrase's code."""

ROBOT = Outcome(
    "bad_history", {"name": "past", "reason": Phrase("message_is", {"number": "2", "kind": Phrase("kind_list")})}
)


def test_an_outcome_says_its_phrases_in_english() -> None:
    assert ROBOT.message == "The value of past is not a list of messages: message 2 is a list."


def test_the_wire_keeps_english_values_and_tells_the_phrases_beside_them() -> None:
    wire = ROBOT.as_json()
    assert wire["values"] == {"name": "past", "reason": "message 2 is a list"}
    assert wire["phrases"] == {
        "reason": {
            "code": "message_is",
            "values": {"number": "2", "kind": "a list"},
            "phrases": {"kind": {"code": "kind_list"}},
        }
    }
    assert "phrases" not in Outcome("no_key", {"provider": "OpenAI"}).as_json()


def test_a_phrase_is_translated_before_it_is_filled_at_every_depth() -> None:
    shouted = filled("{name}: {reason}!", ROBOT.values, str.upper)
    assert shouted == "{NAME}: {REASON}!"
    there = {"message {number} is {kind}": "{kind} at {number}", "a list": "una lista"}
    assert said(ROBOT.values["reason"], lambda message: there.get(message, message)) == "una lista at 2"


def test_a_text_is_no_message_id() -> None:
    assert said("a list", lambda message: "translated") == "a list"


@pytest.mark.parametrize("path", [path for folder in ("chains", "server") for path in (ROOT / folder).rglob("*.py")])
def test_every_phrase_of_the_source_is_in_the_table(path: Path) -> None:
    assert set(_codes(ast.parse(path.read_text("utf-8")))) <= PHRASES.keys()


def test_no_phrase_is_left_over() -> None:
    sources = [path for folder in ("chains", "server") for path in (ROOT / folder).rglob("*.py")]
    trees = [ast.parse(path.read_text("utf-8")) for path in sources if path.name != "phrases.py"]
    said_somewhere = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert set(PHRASES) <= said_somewhere


def _codes(tree: ast.Module) -> list[str]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    made = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id in MAKERS]
    nodes = [node for code in made for node in (code, *ast.iter_child_nodes(code))]
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def test_what_was_written_as_json_can_be_said_in_another_language() -> None:
    wire = json.loads(json.dumps(ROBOT.as_json()))
    assert values_of(wire) == ROBOT.values
    happened, to_do = sentences(wire, lambda message: f"<{message}>")
    assert happened == "<The value of past is not a list of messages: <message 2 is <a list>>.>"
    assert to_do.startswith("<Give a list of objects")


def test_an_outcome_that_is_unknown_here_keeps_its_english() -> None:
    assert sentences({"code": "of tomorrow", "message": "It broke.", "hint": "Mend it."}, str.upper) == (
        "It broke.",
        "Mend it.",
    )
    assert values_of({"values": {"a": "b"}, "phrases": {"a": {"code": "of tomorrow"}}}) == {"a": "b"}
