"""The chat page's script: asking, asking again, branches, the list of conversations, what stands in the way."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from chains.chat import DEFAULT_CHAIN
from chains.chat import ask as to_run
from runs.conversation import Conversation, NewTurn, Turn
from runs.opened import engine
from tests.components.app import CHAT, forget, run_of, said, views, write
from tests.support.engines import items
from tests.support.playground import wait_until


@pytest.fixture
def page(app: AppTest) -> AppTest:
    """The chat page, its model at its fastest."""
    app.run()
    for parameter, value in (("ttft_ms", 0), ("tokens_per_second", 1_000)):
        app.toggle(key=f"on_{parameter}").set_value(True).run()
        app.number_input(key=f"param_{parameter}").set_value(value).run()
    return app.switch_page(CHAT).run()


def conversation(app: AppTest) -> Conversation:
    return engine().conversations.open("".join(app.query_params["conversation"]))


def ask(app: AppTest, question: str) -> Turn:
    """Asks and waits for the answer, which is then shown."""
    app.chat_input[0].set_value(question).run()
    return answered(app)


def answered(app: AppTest) -> Turn:
    """The turn that is shown last, as soon as its answer is kept; the page is drawn with it."""
    wait_until(lambda: bool(conversation(app).path()[-1].status))
    app.run()
    assert not app.exception
    return conversation(app).path()[-1]


def questions(app: AppTest) -> list[str]:
    return [text.value for text in app.text]


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def test_it_says_what_to_do_before_anything_was_asked(page: AppTest) -> None:
    assert "Nothing has been asked yet." in said(page)
    assert "Tell me a joke about {topic} · simulated" in said(page)
    assert not page.chat_input[0].disabled
    assert not page.exception


def test_a_question_goes_through_the_present_chain_and_its_answer_is_a_run(page: AppTest) -> None:
    page.chat_input[0].set_value("rain\nand snow").run()
    assert len(views(page)) == 1
    turn = answered(page)
    asked = engine().request(turn.run)
    assert asked.inputs == ({"topic": "rain\nand snow", "chat_history": []},)
    assert [row.role for row in asked.chain.messages] == ["placeholder", "human"]
    assert questions(page) == ["rain\nand snow"]
    assert turn.answer.text in said(page)
    assert f"simulated · TTFT {round(turn.answer.ttft_ms or 0)} ms" in said(page)
    assert f"{turn.answer.chunks} chunks" in said(page)
    assert views(page) == []


def test_the_next_question_takes_the_earlier_turns_along(page: AppTest) -> None:
    first = ask(page, "rain")
    second = ask(page, "snow")
    assert second.parent == first.id
    assert engine().request(second.run).inputs[0]["chat_history"] == [
        {"role": "human", "content": "rain"},
        {"role": "ai", "content": first.answer.text},
    ]


def test_asking_again_keeps_both_answers_and_one_can_go_between_them(page: AppTest) -> None:
    first = ask(page, "rain")
    press(page, f"again_{first.id}")
    second = answered(page)
    assert (second.question, second.parent, second.run == first.run) == ("rain", "", False)
    assert "2 of 2" in said(page)
    assert page.button(key=f"later_{second.id}").disabled
    press(page, f"earlier_{second.id}")
    assert conversation(page).path() == (first,)
    assert "1 of 2" in said(page)


def test_an_edited_question_begins_a_branch_beside_the_old_one(page: AppTest) -> None:
    first = ask(page, "rain")
    second = ask(page, "snow")
    press(page, f"edit_{second.id}")
    page.text_area(key=f"question_{second.id}").set_value("hail")
    press(page, f"ask_{second.id}")
    hail = answered(page)
    assert (hail.question, hail.parent) == ("hail", first.id)
    assert questions(page) == ["rain", "hail"]
    press(page, f"earlier_{hail.id}")
    assert questions(page) == ["rain", "snow"]


def test_an_edit_can_be_given_up(page: AppTest) -> None:
    turn = ask(page, "rain")
    press(page, f"edit_{turn.id}")
    assert questions(page) == []
    press(page, f"cancel_{turn.id}")
    assert questions(page) == ["rain"]
    press(page, f"edit_{turn.id}")
    page.text_area(key=f"question_{turn.id}").set_value("  ")
    press(page, f"ask_{turn.id}")
    assert conversation(page).turns == (turn,)


def test_one_can_branch_from_any_turn_and_go_back(page: AppTest) -> None:
    first, second = ask(page, "rain"), ask(page, "snow")
    press(page, f"branch_{first.id}")
    assert questions(page) == ["rain"]
    assert "Your next question begins a branch here." in said(page)
    press(page, "back_to_end")
    assert questions(page) == ["rain", "snow"]
    press(page, f"branch_{first.id}")
    third = ask(page, "hail")
    assert third.parent == first.id
    assert conversation(page).children(first.id) == (second, third)


def test_a_question_during_an_answer_stays_in_the_field(app: AppTest) -> None:
    app.run().toggle(key="on_ttft_ms").set_value(True).run()
    app.number_input(key="param_ttft_ms").set_value(60_000).run()
    page = app.switch_page(CHAT).run()
    page.chat_input[0].set_value("rain").run()
    page.chat_input[0].set_value("snow").run()
    assert "An answer is still coming." in said(page)
    assert questions(page) == ["rain"]
    assert page.chat_input[0].proto.value == "snow"
    (turn,) = conversation(page).turns
    assert page.button(key=f"edit_{turn.id}").disabled
    press(page, "stop")
    assert answered(page).status == "stopped"
    assert "Stopped." in said(page)


def test_a_chain_that_takes_no_question_says_why_and_offers_another(app: AppTest) -> None:
    write(app.run(), "A joke about {a} and {b}")
    page = app.switch_page(CHAT).run()
    assert "The chain cannot take a question" in said(page)
    assert "the chain's variables are: a, b" in said(page)
    assert page.chat_input[0].disabled
    press(page, "use_plain_chat")
    assert not page.chat_input[0].disabled
    assert "{question} · simulated" in said(page)
    page.chat_input[0].set_value("Why?").run()
    asked = engine().request(answered(page).run)
    assert [row.role for row in asked.chain.messages] == ["system", "placeholder", "human"]


def test_plain_chat_asks_the_model_of_the_playground(page: AppTest) -> None:
    page.segmented_control(key="chat_chain").set_value("plain").run()
    turn = ask(page, "Why?")
    assert engine().request(turn.run).chain.model.parameters == {"ttft_ms": 0, "tokens_per_second": 1_000}


def test_a_broken_template_is_told_and_nothing_can_be_sent(app: AppTest) -> None:
    write(app.run(), "A joke about {")
    page = app.switch_page(CHAT).run()
    assert "A message of the playground's prompt cannot run" in said(page)
    assert page.chat_input[0].disabled


def test_after_a_restart_the_conversation_goes_on_where_it_was(page: AppTest) -> None:
    first = ask(page, "rain")
    ask(page, "snow")
    press(page, f"branch_{first.id}")
    forget()
    page.run()
    assert questions(page) == ["rain"]
    assert ask(page, "hail").parent == first.id


def test_the_answer_of_a_deleted_run_is_still_there(page: AppTest) -> None:
    turn = ask(page, "rain")
    engine().delete(turn.run)
    page.run()
    assert turn.answer.text in said(page)


def test_an_answer_is_on_the_page_before_the_store_has_heard_of_its_end(app: AppTest, tmp_path: Path) -> None:
    app.run().toggle(key="on_min_tokens").set_value(True).run()
    app.number_input(key="param_min_tokens").set_value(2_000).run()
    page = app.switch_page(CHAT).run()
    page.chat_input[0].set_value("rain").run()
    (turn,) = conversation(page).turns
    wait_until(lambda: engine().log(turn.run).length > 10)
    with closing(sqlite3.connect(tmp_path / "playground.sqlite3", isolation_level=None, timeout=10)) as store:
        store.execute("BEGIN IMMEDIATE")
        engine().stop(turn.run)
        wait_until(lambda: engine().has_ended(turn.run))
        page.run()
        assert conversation(page).turns[0].status == ""
        assert views(page) == []
        assert str(items(engine().record(turn.run))[0]["text"]) in said(page)
        assert "stopped" in said(page)


def test_the_chunks_of_an_answer_are_shown_in_its_place_when_wanted(page: AppTest) -> None:
    turn = ask(page, "rain")
    press(page, f"chunks_{turn.id}")
    assert [view.key for view in views(page)] == [f"{turn.id}_view"]
    assert turn.answer.text not in said(page)
    press(page, f"chunks_{turn.id}")
    assert turn.answer.text in said(page)
    press(page, f"chunks_{turn.id}")
    press(page, f"playground_{turn.id}")
    assert run_of(page) == turn.run


def test_conversations_are_listed_found_opened_named_and_deleted(page: AppTest) -> None:
    ask(page, "rain")
    first = conversation(page).id
    press(page, "new_conversation")
    assert "Nothing has been asked yet." in said(page)
    assert "conversation" not in page.query_params
    ask(page, "눈 **snow**")
    second = conversation(page).id
    page.session_state["conversations"] = True
    page.run()
    assert page.button(key=f"open_{second}").label == "눈 \\*\\*snow\\*\\*"
    page.text_input(key="find_conversation").set_value("rain").run()
    assert not [button for button in page.button if button.key == f"open_{second}"]
    press(page, f"open_{first}")
    assert questions(page) == ["rain"]
    page.session_state["conversation_more"] = True
    page.run()
    page.text_input(key=f"name_{first}").set_value("About rain").run()
    assert conversation(page).name == "About rain"
    assert "About rain" in said(page)
    press(page, "delete_conversation_now")
    assert engine().conversations.find(limit=9)[1] == 1
    assert "Nothing has been asked yet." in said(page)


def test_a_link_opens_a_conversation_and_one_to_none_says_so(page: AppTest) -> None:
    ask(page, "rain")
    first = conversation(page).id
    press(page, "new_conversation")
    page.query_params["conversation"] = first
    page.run()
    assert questions(page) == ["rain"]
    page.query_params["conversation"] = "gone"
    page.run()
    assert "This conversation is kept no more." in said(page)
    assert "conversation" not in page.query_params


def test_an_address_that_lags_behind_a_press_does_not_hide_what_it_chose(page: AppTest) -> None:
    ask(page, "rain")
    first = conversation(page).id
    page.button(key="new_conversation").click()
    page.query_params["conversation"] = first
    page.run()
    assert questions(page) == []


def test_a_question_whose_press_was_interrupted_is_shown(page: AppTest) -> None:
    page.run()
    name = f"{page.session_state['seat']} question {page.session_state['asked']}"
    engine().start(to_run(DEFAULT_CHAIN, "rain", ()), press=name, turn=NewTurn("c", "", "rain"))
    page.run()
    assert questions(page) == ["rain"]
    assert "".join(page.query_params["conversation"]) == "c"


def test_of_a_long_conversation_the_last_turns_are_drawn_until_all_are_wanted(page: AppTest) -> None:
    parent = ""
    for number in range(25):
        run = engine().start(to_run(DEFAULT_CHAIN, "?", ()), turn=NewTurn("c", parent, f"question {number}"))
        engine().stop(run)
        parent = engine().conversations.open("c").shown
    wait_until(lambda: all(turn.status for turn in engine().conversations.open("c").turns))
    page.query_params["conversation"] = "c"
    page.run()
    assert questions(page) == [f"question {number}" for number in range(5, 25)]
    assert page.button(key="earlier_turns").label == "Show 5 earlier turns"
    press(page, "earlier_turns")
    assert questions(page) == [f"question {number}" for number in range(25)]


def test_a_failed_answer_says_what_happened_and_what_to_do(app: AppTest) -> None:
    app.run().toggle(key="on_fault").set_value(True).run()
    app.selectbox(key="param_fault").set_value("unauthorized").run()
    page = app.switch_page(CHAT).run()
    turn = ask(page, "rain")
    assert turn.status == "failed"
    assert "failed" in said(page)
    assert "refused the key" in said(page)
