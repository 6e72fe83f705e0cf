"""Conversations in the store: a turn comes with its run, and its answer with the run's end."""

import sqlite3
import threading
from pathlib import Path

import pytest

from chains.chat import DEFAULT_CHAIN, ask
from chains.events import Chunk, Event
from chains.spec import ChainSpec
from runs.conversation import NewTurn, Turn
from runs.engine import Engine
from runs.errors import UnknownConversation
from runs.record import summarise
from tests.support.asked import remote, request, simulated, slow
from tests.support.engines import figures, items, opened, until
from tests.support.provider import Provider

QUICK = simulated("{question}")


def asked(engine: Engine, question: str, *, parent: str = "", chain: ChainSpec = QUICK, press: str = "") -> str:
    """A run that answers in conversation c, begun."""
    return engine.start(ask(chain, question, ()), press=press, turn=NewTurn("c", parent, question))


def answered(engine: Engine, question: str, *, parent: str = "", chain: ChainSpec = QUICK) -> Turn:
    """A turn of conversation c whose answer is kept."""
    run = asked(engine, question, parent=parent, chain=chain)
    until(lambda: turn_of(engine, run).status != "")
    return turn_of(engine, run)


def turn_of(engine: Engine, run: str) -> Turn:
    return next(turn for turn in engine.conversations.open("c").turns if turn.run == run)


def test_a_first_question_begins_a_conversation_with_its_name(engine: Engine) -> None:
    turn = answered(engine, "Why does\nit rain?")
    found = engine.conversations.open("c")
    assert (found.name, found.shown, found.turns) == ("Why does it rain?", turn.id, (turn,))
    assert (turn.question, turn.provider, turn.model) == ("Why does\nit rain?", "simulated", "simulated")
    assert engine.conversations.of_run(turn.run) == "c"
    assert engine.conversations.of_run("other") == ""


def test_the_answer_is_kept_with_its_figures(engine: Engine) -> None:
    turn = answered(engine, "Why?")
    (item,) = items(engine.record(turn.run))
    assert (turn.status, turn.answer.text, turn.answer.error, turn.answer.cut) == ("done", item["text"], None, False)
    names = ("ttft_ms", "e2e_ms", "chunks", "tokens_per_second", "tokens_estimated")
    assert {name: getattr(turn.answer, name) for name in names} == {name: figures(item)[name] for name in names}


def test_a_conversation_outlives_its_runs(engine: Engine) -> None:
    turn = answered(engine, "Why?")
    assert engine.delete_all() == 1
    assert engine.conversations.open("c").turns == (turn,)


def test_a_failure_is_kept_with_its_error(engine: Engine, provider: Provider) -> None:
    chain = remote(provider.url, "wrong-key").model_copy(update={"messages": QUICK.messages})
    turn = answered(engine, "Why?", chain=chain)
    assert (turn.status, turn.answer.text) == ("failed", "")
    assert turn.answer.error is not None
    assert turn.answer.error["code"] == "wrong_key"


def test_an_answer_that_its_token_limit_ended_is_kept_as_cut(engine: Engine) -> None:
    assert answered(engine, "Why?", chain=simulated("{question}", max_tokens=3)).answer.cut
    assert not answered(engine, "Why?").answer.cut


def test_a_stopped_answer_keeps_its_text(engine: Engine) -> None:
    run = asked(engine, "Why?", chain=slow().model_copy(update={"messages": QUICK.messages}))
    until(lambda: engine.log(run).length > 20)
    engine.stop(run)
    until(lambda: turn_of(engine, run).status != "")
    turn = turn_of(engine, run)
    assert turn.status == "stopped"
    assert turn.answer.text == items(engine.record(run))[0]["text"] != ""


def test_what_a_dead_process_was_answering_is_interrupted(tmp_path: Path) -> None:
    with opened(tmp_path) as engine:
        run = asked(engine, "Why?", chain=slow().model_copy(update={"messages": QUICK.messages}))
        until(lambda: engine.log(run).length > 20)
    with opened(tmp_path) as again:
        turn = turn_of(again, run)
        assert turn.status == "interrupted"
        assert turn.answer.text
        assert answered(again, "And now?", parent=turn.id).parent == turn.id


def test_sent_twice_at_once_it_is_one_turn_and_one_run(engine: Engine) -> None:
    runs: list[str] = []
    senders = [threading.Thread(target=lambda: runs.append(asked(engine, "Why?", press="p"))) for _ in range(8)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len({*runs}) == 1
    assert len(engine.conversations.open("c").turns) == 1


def test_nothing_is_begun_after_a_turn_of_no_such_conversation(engine: Engine) -> None:
    with pytest.raises(UnknownConversation):
        asked(engine, "Why?", parent="gone")
    assert engine.active == 0
    assert engine.conversations.find(limit=9) == ([], 0)
    other = answered(engine, "Why?")
    with pytest.raises(UnknownConversation):
        engine.start(ask(QUICK, "Why?", ()), turn=NewTurn("other", other.id, "Why?"))


def test_the_turn_of_a_run_that_never_began_is_forgotten(tmp_path: Path) -> None:
    with opened(tmp_path) as engine:
        kept = answered(engine, "Why?")
        store = engine._store
        store.add("run 2", request(QUICK), 2.0, NewTurn("c", kept.id, "And?"))
        store.add("run 3", request(QUICK), 3.0, NewTurn("d", "", "Else?"))
        store.withdraw("run 2")
        store.withdraw("run 3")
        assert engine.conversations.open("c").turns == (kept,)
        assert engine.conversations.open("c").path() == (kept,)
        assert engine.conversations.find(limit=9)[1] == 1


def test_the_last_used_is_listed_first_and_words_are_found_in_names_questions_and_answers(tmp_path: Path) -> None:
    with opened(tmp_path) as engine:
        for conversation, question in (("a", "About 100% rain"), ("b", "눈은 왜 와?"), ("d", "About a walrus")):
            run = engine.start(ask(QUICK, question, ()), turn=NewTurn(conversation, "", question))
            until(lambda run=run: engine.has_ended(run))  # type: ignore[misc]
        until(lambda: all(engine.conversations.open(each).turns[0].status for each in "abd"))
        find = engine.conversations.find
        assert [listed.id for listed in find(limit=9)[0]] == ["d", "b", "a"]
        assert [listed.id for listed in find(limit=1, offset=1)[0]] == ["b"]
        assert find(limit=1)[1] == 3
        assert [listed.id for listed in find("눈은", limit=9)[0]] == ["b"]
        assert [listed.id for listed in find("100%", limit=9)[0]] == ["a"]
        assert find("%", limit=9)[1] == 1
        answer = engine.conversations.open("d").turns[0].answer.text
        assert "d" in [listed.id for listed in find(answer[-20:].upper(), limit=9)[0]]
        engine.conversations.rename("b", "Winter")
        assert [(listed.name, listed.turns) for listed in find("winter", limit=9)[0]] == [("Winter", 1)]
        first = engine.conversations.open("a").turns[0]
        engine.start(ask(QUICK, "More", ()), turn=NewTurn("a", first.id, "More"))
        assert [listed.id for listed in find(limit=9)[0]] == ["a", "d", "b"]


def test_a_blank_name_changes_nothing_and_a_long_one_is_cut(engine: Engine) -> None:
    answered(engine, "Why?")
    engine.conversations.rename("c", " \n ")
    assert engine.conversations.open("c").name == "Why?"
    engine.conversations.rename("c", "a\nb" + "x" * 300)
    assert engine.conversations.open("c").name == "a b" + "x" * 197


def test_what_is_shown_is_remembered(tmp_path: Path) -> None:
    with opened(tmp_path) as engine:
        first = answered(engine, "Why?")
        second = answered(engine, "And?", parent=first.id)
        engine.conversations.show("c", first.id)
        with pytest.raises(UnknownConversation):
            engine.conversations.show("c", "gone")
    with opened(tmp_path) as again:
        found = again.conversations.open("c")
        assert (found.shown, [turn.id for turn in found.turns]) == (first.id, [first.id, second.id])


def test_deleting_one_leaves_its_runs(engine: Engine, tmp_path: Path) -> None:
    turn = answered(engine, "Why?")
    engine.conversations.delete("c")
    for act in (engine.conversations.open, engine.conversations.delete):
        with pytest.raises(UnknownConversation):
            act("c")
    with pytest.raises(UnknownConversation):
        engine.conversations.rename("c", "name")
    assert engine.record(turn.run)["status"] == "done"
    with sqlite3.connect(tmp_path / "playground.sqlite3") as store:
        assert store.execute("SELECT count(*) FROM turns").fetchone() == (0,)
    store.close()


def test_an_answer_that_no_database_takes_as_it_stands_is_kept(engine: Engine) -> None:
    run = asked(engine, "null \0 byte")
    until(lambda: turn_of(engine, run).status != "")
    assert turn_of(engine, run).question == "null  byte"
    assert summarise([Event(0, 1.0, Chunk(0, "text", "half \ud83d"))]).answer.text == "half �"


def test_the_default_chain_answers_in_a_conversation(engine: Engine) -> None:
    model = DEFAULT_CHAIN.model.model_copy(update={"parameters": {"ttft_ms": 0, "tokens_per_second": 100_000}})
    assert answered(engine, "Why?", chain=DEFAULT_CHAIN.model_copy(update={"model": model})).status == "done"
