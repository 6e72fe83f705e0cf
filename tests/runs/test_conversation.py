"""A conversation is a tree: paths, branches, and what the model is told of earlier turns."""

from collections.abc import Sequence

import pytest

from chains.chat import Message
from runs.conversation import Answer, Conversation, Turn, history, name_of


def turn(id: str, parent: str = "", text: str = "Yes.") -> Turn:
    return Turn(id, parent, 0.0, f"{id}?", f"run {id}", "simulated", "simulated", "done", Answer(text))


def conversation(turns: Sequence[Turn], shown: str = "") -> Conversation:
    return Conversation("c", "name", 0.0, 0.0, shown, tuple(turns))


TREE = (turn("a"), turn("b", "a"), turn("c", "b"), turn("b2", "a"), turn("a2"), turn("c2", "b"))
"""a ─ b ─ c, c2; a ─ b2; a2 beside a; in the order of asking."""


def ids(turns: Sequence[Turn]) -> list[str]:
    return [turn.id for turn in turns]


@pytest.mark.parametrize(
    ("shown", "path"),
    [("c", ["a", "b", "c"]), ("b2", ["a", "b2"]), ("a2", ["a2"]), ("b", ["a", "b"]), ("gone", ["a", "b", "c2"])],
)
def test_the_path_leads_from_the_first_turn_to_the_one_shown(shown: str, path: list[str]) -> None:
    assert ids(conversation(TREE, shown).path()) == path


def test_an_empty_conversation_has_no_path() -> None:
    assert conversation(()).path() == ()


def test_the_path_to_an_unknown_turn_is_empty() -> None:
    assert conversation(TREE, "a").path_to("gone") == ()


@pytest.mark.parametrize(("parent", "children"), [("", ["a", "a2"]), ("a", ["b", "b2"]), ("c", [])])
def test_children_stand_in_the_order_of_asking(parent: str, children: list[str]) -> None:
    assert ids(conversation(TREE).children(parent)) == children


@pytest.mark.parametrize(("of", "end"), [("a", "c2"), ("b", "c2"), ("b2", "b2"), ("c", "c"), ("a2", "a2"), ("", "c2")])
def test_a_branch_is_opened_where_it_was_gone_on_with_last(of: str, end: str) -> None:
    assert conversation(TREE).newest_end(of) == end


def test_the_model_is_told_questions_and_answers_but_no_question_without_an_answer() -> None:
    told = history([turn("a"), turn("b", "a", text=""), turn("c", "b", text="Half an ans")])
    assert told == [
        Message(role="human", content="a?"),
        Message(role="ai", content="Yes."),
        Message(role="human", content="c?"),
        Message(role="ai", content="Half an ans"),
    ]


def test_a_name_is_the_beginning_of_the_question_on_one_line() -> None:
    assert name_of("  Why\n\ndoes it\train? ") == "Why does it rain?"
    assert name_of("비가 오는 이유") == "비가 오는 이유"
    assert name_of("x" * 60) == "x" * 60
    assert name_of("x" * 61) == "x" * 59 + "…"
