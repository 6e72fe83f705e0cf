"""A conversation as files, and an answer in one line."""

import json

import pytest

from components.chat.export import as_json, as_markdown
from components.chat.latency import duration, line, speed, trouble
from runs.conversation import Answer, Conversation, Turn

WHOLE = Answer("It *rains*.", ttft_ms=312.4, e2e_ms=1240.0, chunks=41, tokens_per_second=38.2)
HALF = Answer("It sno", ttft_ms=10.0, e2e_ms=20.0, chunks=1, tokens_per_second=3.0, tokens_estimated=True)
TURNS = (
    Turn("a", "", 0.0, "왜 비가 와?", "run a", "openai", "gpt", "done", WHOLE),
    Turn("b", "a", 1.0, "And\nsnow?", "run b", "simulated", "simulated", "stopped", HALF),
    Turn("b2", "a", 2.0, "And hail?", "run c", "openai", "gpt", "done", WHOLE),
)
CONVERSATION = Conversation("c", "About *rain*", 0.0, 2.0, "b", TURNS)


def test_json_holds_every_branch_and_which_is_shown() -> None:
    found = json.loads(as_json(CONVERSATION))
    assert (found["id"], found["name"], found["created"]) == ("c", "About *rain*", "1970-01-01T00:00:00+00:00")
    assert found["shown"] == ["a", "b"]
    assert [(turn["id"], turn["parent"]) for turn in found["turns"]] == [("a", None), ("b", "a"), ("b2", "a")]
    first = found["turns"][0]
    assert (first["question"], first["answer"], first["status"]) == ("왜 비가 와?", "It *rains*.", "done")
    assert first["metrics"] == {
        "ttft_ms": 312.4,
        "e2e_ms": 1240.0,
        "chunks": 41,
        "tokens_per_second": 38.2,
        "tokens_estimated": False,
    }
    assert "왜 비가 와?" in as_json(CONVERSATION)


def test_markdown_holds_the_branch_that_is_shown() -> None:
    assert as_markdown(CONVERSATION) == (
        "# About \\*rain\\*\n\n"
        "**Question**\n\n왜 비가 와?\n\n"
        "**Answer** · gpt · TTFT 312 ms · 41 chunks · 38 tok/s · E2E 1\\.24 s\n\nIt *rains*.\n\n"
        "**Question**\n\nAnd\nsnow?\n\n"
        "**Answer** · simulated · stopped · TTFT 10 ms · 1 chunk · \\~3\\.0 tok/s · E2E 20 ms\n\nIt sno\n\n"
        "Stopped\\. What came is kept; Regenerate asks again\\.\n"
    )


def test_figures_that_are_undefined_are_left_out() -> None:
    assert line(Turn("a", "", 0.0, "?", "run", "openai", "", "failed")) == "openai · failed"


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        ("done", Answer("x"), ""),
        ("done", Answer("x", cut=True), "ended at its limit of tokens"),
        ("interrupted", Answer(), "The server stopped during this answer."),
        ("failed", Answer(error={"code": "cut", "message": "", "hint": ""}), "The connection was lost in the middle"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said(status: str, answer: Answer, said: str) -> None:
    found = trouble(Turn("a", "", 0.0, "?", "run", "openai", "", status, answer))
    assert said in found
    assert bool(found) == bool(said)


@pytest.mark.parametrize(
    ("ms", "said"),
    [(0.4, "0 ms"), (999.4, "999 ms"), (999.5, "1.00 s"), (119_000, "119.00 s"), (125_000, "2 min 05 s")],
)
def test_a_time_is_written_as_in_the_live_views(ms: float, said: str) -> None:
    assert duration(ms) == said


def test_a_speed_is_marked_where_it_is_an_estimate() -> None:
    assert (speed(9.96, estimated=False), speed(38.4, estimated=True)) == ("10.0 tok/s", "~38 tok/s")
