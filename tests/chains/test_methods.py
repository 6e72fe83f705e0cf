"""LangChain's own methods: their names, what is said of them, what a chunk of theirs shows, and their threads."""

import asyncio
import json
import threading

import pytest
from langchain_core.messages import AIMessageChunk
from pydantic import JsonValue, ValidationError

from chains.calling.json_parser import GrowingJsonParser
from chains.methods.names import BATCHES, STREAMS, SYNC, method_of, notes
from chains.methods.shown import Reading
from chains.methods.threads import in_thread
from chains.spec import MAX_METHOD_INPUTS, Mode, RunWith
from tests.support.asked import request, simulated

MODES: tuple[Mode, ...] = ("invoke", "batch", "stream")


def test_each_mode_has_a_method_and_its_async_twin_and_the_engine_has_none() -> None:
    ways: tuple[RunWith, ...] = ("engine", "sync", "async")
    assert [[method_of(mode, way) for way in ways] for mode in MODES] == [
        [None, "invoke", "ainvoke"],
        [None, "batch", "abatch"],
        [None, "stream", "astream"],
    ]


@pytest.mark.parametrize("method", sorted(SYNC | STREAMS | BATCHES | {"ainvoke"}))
def test_it_is_said_beforehand_which_methods_stop_cannot_reach(method: str) -> None:
    stops, _ = notes(method, "text")  # type: ignore[arg-type]
    assert ("cannot be stopped" in stops) is (method in SYNC)
    assert ("closes" in stops) is (method not in SYNC)


def test_it_is_said_beforehand_what_is_not_seen() -> None:
    assert "bare string" in notes("stream", "text")[1]
    assert "JSON" in notes("astream", "json")[1]
    assert notes("stream", "message")[1] == ""
    assert notes("batch", "text")[1] == notes("abatch", "json")[1] != ""


def test_a_method_takes_few_inputs() -> None:
    many = [{"topic": "rain"}] * (MAX_METHOD_INPUTS + 1)
    request(simulated(), mode="batch", inputs=many)
    request(simulated(), mode="batch", inputs=many[1:], run_with="async")
    with pytest.raises(ValidationError, match="at most 500 inputs, not 501"):
        request(simulated(), mode="batch", inputs=many, run_with="async")


def grown(*values: JsonValue) -> list[str]:
    """The text of each chunk of a stream of growing values, and what closes it."""
    reading = Reading(grows=True)
    return [*(text for value in values for _, text in reading.read(value)), reading.rest]


@pytest.mark.parametrize(
    "values",
    [
        ({}, {"a": ""}, {"a": "he"}, {"a": 'he"l]'}, {"a": 'he"l]lo', "b": [1]}, {"a": 'he"l]lo', "b": [1, [2, None]]}),
        ("", "한", "한글"),
        ([], [[]], [[], [1.5]], [[], [1.5, {"x": {}}]]),
        (1, 12, 12.5),
        ("a\\", 'a\\"', 'a\\"}'),
    ],
)
def test_a_growing_value_is_shown_as_the_growth_of_its_json(values: tuple[JsonValue, ...]) -> None:
    texts = grown(*values)
    assert json.loads("".join(texts)) == values[-1]
    assert len(texts) == len(values) + 1


def test_a_value_that_does_not_go_on_from_the_last_begins_anew_on_its_own_line() -> None:
    assert grown([12], [1.2]) == ["[12", "\n[1.2", "]"]


def test_messages_are_seen_in_whole_and_strings_as_bare_text() -> None:
    reading = Reading(grows=False)
    opening, last = AIMessageChunk(content=""), AIMessageChunk(content="", chunk_position="last")
    assert [reading.read(chunk) for chunk in (opening, "", "one", last)] == [
        (("role", ""),),
        (("text", ""),),
        (("text", "one"),),
        (("finish", ""),),
    ]


def chunks(text: str, size: int) -> list[object]:
    """What the growing parser gives for a text in parts of `size` characters."""
    return list(GrowingJsonParser().transform(iter([text[at : at + size] for at in range(0, len(text), size)])))


def test_the_growing_parser_gives_the_value_so_far() -> None:
    assert chunks('{"a": [1, 2], "b": "x"}', 6)[-1] == {"a": [1, 2], "b": "x"}
    assert chunks('```json\n{"a": 1}\n```', 4)[-1] == {"a": 1}
    assert len(chunks('{"a": [1, 2], "b": "x"}', 6)) > 2
    assert chunks("no JSON at all", 3) == []


def test_the_growing_parser_reads_a_long_answer_at_its_end_and_prose_never() -> None:
    long = json.dumps({"a": "x" * 300_000})
    assert chunks(long, 100)[-1] == {"a": "x" * 300_000}
    assert len(chunks("[" * 9_000, 3)) == 100 // 3
    assert chunks("prose [" * 40_000, 10) == []


async def test_left_work_goes_on_and_says_when_it_ends() -> None:
    gate, begun, ended = threading.Event(), asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def work() -> None:
        loop.call_soon_threadsafe(begun.set)
        assert gate.wait(5)

    left = asyncio.create_task(in_thread(work, ended.set))
    await asyncio.wait_for(begun.wait(), 5)
    left.cancel()
    await asyncio.wait([left])
    assert (left.cancelled(), ended.is_set()) == (True, False)
    gate.set()
    await asyncio.wait_for(ended.wait(), 5)


async def test_what_a_thread_raises_is_raised_where_it_is_awaited() -> None:
    ended = asyncio.Event()
    with pytest.raises(ZeroDivisionError):
        await in_thread(lambda: 1 // 0, ended.set)
    assert ended.is_set()


async def test_where_no_thread_can_be_had_the_work_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    ended = asyncio.Event()
    monkeypatch.setattr(threading.Thread, "start", refuses)
    with pytest.raises(RuntimeError, match="new thread"):
        await in_thread(lambda: None, ended.set)
    assert ended.is_set()
