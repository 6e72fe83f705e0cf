"""Drafts: what a browser's form was comes back to it, whole, and keys never leave the session."""

import sqlite3
from pathlib import Path

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from chains.documents.apart import apart
from chains.images import to_uri
from chains.spec import RunRequest
from components.state import drafts
from runs.draft import Place
from runs.opened import engine
from tests.components.app import CHAT, PLAYGROUND, editor, fields, fresh, kept, run_of, templates, write
from tests.support.pictures import drawn, weighing
from tests.support.playground import ROOT, request

__all__ = ["fresh"]

MINE, YOURS = "m" * 22, "y" * 22
TOPIC = "var_topic"


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The cookies of whoever opens the app next; AppTest has none."""
    cookies = {"playground_browser": MINE}
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda context: cookies))
    return cookies


@pytest.fixture(autouse=True)
def of_this_test(fresh: None, browser: dict[str, str]) -> None:
    """An engine and cookies of this test alone."""


def visit(page: str = "", **parameters: str) -> AppTest:
    """The app in a new tab with this address."""
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=20)
    for name, value in parameters.items():
        app.query_params[name] = value
    app.run()
    return app.switch_page(page).run() if page else app


def draft_of(app: AppTest) -> str:
    return "".join(app.query_params["draft"])


def typed(app: AppTest, value: str) -> AppTest:
    return app.text_area(key=TOPIC).set_value(value).run()


def test_a_form_that_nobody_touched_is_not_kept() -> None:
    app = visit()
    assert "draft" not in app.query_params
    assert engine().drafts.latest(MINE) is None


def test_an_edit_is_kept_and_comes_back_with_the_address() -> None:
    app = typed(visit(), "한글 <b>")
    again = visit(draft=draft_of(app))
    assert fields(again) == {"topic": "한글 <b>"}
    assert draft_of(again) == draft_of(app)


def test_the_editors_are_told_which_draft_they_are_of() -> None:
    app = typed(visit(), "snow")
    again = visit(draft=draft_of(app))
    assert editor(again, "template_0")["draft"] == draft_of(app)
    assert editor(visit(), "template_0")["draft"] == ""


def test_images_come_back_also_those_of_a_row_that_does_not_send_them() -> None:
    app = visit()
    app.session_state["images_0"] = [to_uri(weighing(300))]
    app.selectbox(key="role_0").set_value("system").run()
    again = visit(draft=draft_of(app))
    assert again.session_state["role_0"] == "system"
    assert again.session_state["images_0"] == [to_uri(weighing(300))]
    assert not again.exception


def test_the_whole_form_comes_back() -> None:
    app = visit()
    app.button(key="add_message").click().run()
    app.selectbox(key="role_1").set_value("system").run()
    write(app, "about {{mood}} {{#on}}x{{/on}}", row=1)
    app.text_input(key="chain_name").set_value("a name").run()
    app.segmented_control(key="template_format").set_value("mustache").run()
    app.segmented_control(key="parser").set_value("json").run()
    app.toggle(key="on_seed").set_value(True).run()
    app.number_input(key="param_seed").set_value(7.0).run()
    app.segmented_control(key="mode").set_value("batch").run()
    again = visit(draft=draft_of(app))
    held, was = again.session_state, app.session_state
    assert templates(again)[1] == "about {{mood}} {{#on}}x{{/on}}"
    assert again.selectbox(key="role_1").value == "system"
    names = ("chain_name", "template_format", "parser", "on_seed", "param_seed", "mode", "table", "row_count", "model")
    assert {name: held[name] for name in names} == {name: was[name] for name in names}


def test_bound_variables_and_kinds_of_fields_come_back() -> None:
    app = visit()
    app.session_state["bound"] = ["topic"]
    app.session_state["field_specs"] = {"topic": {"kind": "choice", "choices": ["ice cream", "tea"]}}
    app.run()
    again = visit(draft=draft_of(app))
    assert again.session_state["bound"] == ["topic"]
    assert again.selectbox(key="var_topic").options == ["ice cream", "tea"]


def test_images_of_five_megabytes_come_back_to_the_letter() -> None:
    large, small = to_uri(weighing(5_000_000)), to_uri(drawn())
    app = visit()
    app.session_state["images_0"] = [large, small]
    app = write(app, "Look at {topic}")
    assert not app.toast
    again = visit(draft=draft_of(app))
    assert templates(again) == ["Look at {topic}"]
    assert again.session_state["images_0"] == [large, small]


def test_a_form_that_cannot_run_is_kept_too() -> None:
    app = write(visit(), "Tell me about {")
    assert templates(visit(draft=draft_of(app)))[0] == "Tell me about {"


def test_a_new_visit_begins_with_a_copy_of_what_was_edited_last() -> None:
    first = typed(visit(), "snow")
    second = visit()
    assert fields(second) == {"topic": "snow"}
    assert "draft" not in second.query_params
    typed(second, "rain")
    assert draft_of(second) != draft_of(first)
    assert fields(visit(draft=draft_of(first))) == {"topic": "snow"}


def test_each_tab_keeps_its_own() -> None:
    one, other = typed(visit(), "one"), visit()
    typed(other, "other")
    typed(one, "one again")
    assert fields(visit(draft=draft_of(one))) == {"topic": "one again"}
    assert fields(visit(draft=draft_of(other))) == {"topic": "other"}


def test_two_tabs_with_one_address_part_when_both_edit() -> None:
    one = typed(visit(), "one")
    other = visit(draft=draft_of(one))
    typed(other, "other")
    typed(one, "one again")
    assert draft_of(one) != draft_of(other)
    assert fields(visit(draft=draft_of(other))) == {"topic": "other"}
    assert fields(visit(draft=draft_of(one))) == {"topic": "one again"}


def test_a_change_of_which_the_session_never_took_note_makes_no_second_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    app = visit()
    with monkeypatch.context() as interrupted:
        interrupted.setattr(drafts, "note", lambda place, mark: None)
        typed(app, "one")
    lost = engine().drafts.latest(MINE)
    assert lost is not None
    typed(app, "two")
    assert draft_of(app) == lost.place.id
    assert fields(visit(draft=lost.place.id)) == {"topic": "two"}


def test_somebody_elses_address_opens_nothing_of_theirs(browser: dict[str, str]) -> None:
    theirs = draft_of(typed(visit(), "a secret"))
    browser["playground_browser"] = YOURS
    app = visit(draft=theirs)
    assert fields(app) == {"topic": "ice cream"}
    assert "draft" not in app.query_params


def test_without_a_name_nothing_is_kept(browser: dict[str, str]) -> None:
    browser.clear()
    app = typed(visit(), "snow")
    assert "draft" not in app.query_params
    assert engine().drafts.latest("") is None


def test_a_typed_key_is_never_kept(tmp_path: Path) -> None:
    app = visit()
    app.selectbox(key="provider").set_value("openai").run()
    app.text_input(key="key_openai_").set_value("sk-never-kept").run()
    typed(app, "snow")
    engine().close()
    with sqlite3.connect(tmp_path / "playground.sqlite3") as connection:
        kept = str(connection.execute("SELECT * FROM drafts").fetchall())
    assert "snow" in kept
    assert "sk-never-kept" not in kept
    assert not any(b"sk-never-kept" in path.read_bytes() for path in tmp_path.iterdir() if path.is_file())


def test_a_key_in_a_field_that_takes_none_is_not_kept() -> None:
    app = visit()
    app.selectbox(key="provider").set_value("openai-compatible").run()
    app.text_input(key="base_url").set_value("http://me:hidden-1@127.0.0.1:9/v1")
    app.session_state["other_parameters"] = '{"top_k": 3, "api_key": "hidden-2'
    app.run()
    found = engine().drafts.latest(MINE)
    assert found is not None
    assert "openai-compatible" in found.content
    assert "hidden" not in found.content
    app.text_input(key="base_url").set_value("http://127.0.0.1:9/v1")
    app.session_state["other_parameters"] = '{"top_k": 3}'
    app.run()
    assert visit(draft=found.place.id).session_state["other_parameters"] == '{"top_k": 3}'


def test_an_edit_after_a_run_wins_over_the_run_of_the_address() -> None:
    app = visit(run=kept(request()))
    assert "draft" not in app.query_params
    typed(app, "edited after")
    again = visit(draft=draft_of(app), run=run_of(app))
    assert fields(again) == {"topic": "edited after"}
    assert run_of(again) == run_of(app)
    assert "edited since this run" in "\n".join(str(caption.value) for caption in again.caption)


def test_a_draft_brings_its_run_along() -> None:
    app = visit(run=kept(request()))
    typed(app, "edited after")
    assert run_of(visit(draft=draft_of(app))) == run_of(app)


def test_a_form_as_it_was_run_is_not_said_to_be_edited() -> None:
    app = visit(run=kept(request()))
    typed(app, "edited")
    typed(app, "ice cream")
    again = visit(draft=draft_of(app))
    assert "edited since this run" not in "\n".join(str(caption.value) for caption in again.caption)


def test_the_run_of_a_link_fills_the_form_and_leaves_the_draft_as_it_was() -> None:
    app = typed(visit(), "mine")
    draft = draft_of(app)
    other = {**request(), "inputs": [{"topic": "of the link"}]}
    again = visit(draft=draft, run=kept(other))
    assert fields(again) == {"topic": "of the link"}
    assert "draft" not in again.query_params
    typed(again, "edited")
    assert draft_of(again) != draft
    assert fields(visit(draft=draft)) == {"topic": "mine"}


def test_a_new_visit_with_a_run_does_not_take_up_the_last_draft() -> None:
    typed(visit(), "mine")
    assert fields(visit(run=kept(request()))) == {"topic": "ice cream"}


def test_the_chat_page_takes_up_the_form_too() -> None:
    app = write(visit(), "Only {question} matters")
    draft = draft_of(app)
    app.switch_page(CHAT).run()
    assert draft_of(app) == draft
    again = visit(CHAT)
    again.switch_page(PLAYGROUND).run()
    assert templates(again)[0] == "Only {question} matters"


def test_a_draft_that_nobody_can_read_any_more_is_passed_over() -> None:
    place = engine().drafts.keep(MINE, apart('{"rows": 3}'), run="", place=Place())
    app = visit(draft=place.id)
    assert fields(app) == {"topic": "ice cream"}
    assert not app.exception


def test_a_form_that_is_too_large_is_said_once_and_stays() -> None:
    app = visit()
    rows = [{"topic": "x" * 30_000} for _ in range(80)]
    asked = RunRequest.model_validate({**request(mode="batch"), "inputs": rows})
    app.query_params["run"] = kept(asked.model_dump(mode="json", exclude_none=True))
    app.run()
    app.text_input(key="chain_name").set_value("large").run()
    assert ["could not be kept" in toast.value for toast in app.toast] == [True]
    app.text_input(key="chain_name").set_value("larger").run()
    assert not app.toast
    assert app.session_state["chain_name"] == "larger"
