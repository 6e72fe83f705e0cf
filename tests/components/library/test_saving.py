"""Saving in the playground: the next version, a chain of its own, two who save at once, what the session remembers."""

from unittest.mock import Mock

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from chains.documents.document import FieldSpec, OffSection
from runs.opened import engine
from runs.saved import About, SavedChain, Sought
from tests.components.app import kept, said, templates, write
from tests.support.playground import ROOT, request


@pytest.fixture
def page(app: AppTest) -> AppTest:
    return app.run()


@pytest.fixture
def other(page: AppTest) -> AppTest:
    """Another tab on the same server."""
    return AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=20).run()


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def save_as(app: AppTest, *, name: str = "", message: str = "", new: bool = False) -> AppTest:
    """Opens the form, fills it in and saves."""
    app.session_state["save_more"] = True
    app.run()
    if new:
        app.radio(key="save_as").set_value("new").run()
    if name:
        app.text_input(key="save_name").set_value(name)
    app.text_input(key="save_message").set_value(message)
    return press(app, "save_now")


def chains() -> list[SavedChain]:
    """All saved chains, the last used first."""
    return [engine().library.open(listed.id) for listed in engine().library.find(Sought(), limit=99)[0]]


def template_of(chain: SavedChain, number: int) -> str:
    return engine().library.document(chain.id, number).chain.rows[0].template


def toasts(app: AppTest) -> str:
    return "\n".join(str(toast.value).replace("\\", "") for toast in app.toast)


def test_the_first_save_asks_for_a_name_and_proposes_the_chains(page: AppTest) -> None:
    press(page, "save")
    assert chains() == []
    assert page.text_input(key="save_name").value == "joke about {topic}"
    page.text_input(key="save_name").set_value("Jokes")
    page.text_area(key="save_description").set_value("for a demo")
    page.session_state["save_tags"] = ["demo"]
    page.text_input(key="save_message").set_value("first")
    press(page, "save_now")
    (chain,) = chains()
    assert chain.about == About("Jokes", "for a demo", ("demo",))
    assert [(version.number, version.message) for version in chain.versions] == [(1, "first")]
    assert "Saved as version 1." in toasts(page)
    assert "Jokes · version 1" in said(page)
    assert "save_name" not in {field.key for field in page.text_input}


def test_an_edited_chain_says_since_which_version_and_its_save_is_the_next_one(page: AppTest) -> None:
    save_as(page, name="Jokes")
    assert "edited" not in said(page)
    write(page, "Tell me two jokes about {topic}")
    assert "Jokes · edited since version 1" in said(page)
    press(page, "save")
    assert "Saved as version 2." in toasts(page)
    assert "Jokes · version 2" in said(page)
    (chain,) = chains()
    assert (chain.head, template_of(chain, 1), template_of(chain, 2)) == (
        2,
        "Tell me a joke about {topic}",
        "Tell me two jokes about {topic}",
    )
    press(page, "save")
    assert "Nothing has changed: this is version 2." in toasts(page)
    assert len(chains()[0].versions) == 2


def test_a_message_goes_with_a_version_and_a_new_chain_leaves_the_old_one(page: AppTest) -> None:
    save_as(page, name="Jokes")
    write(page, "Shorter: {topic}")
    save_as(page, message="shorter")
    save_as(page, name="Other jokes", new=True)
    newer, older = chains()
    assert [version.message for version in older.versions] == ["", "shorter"]
    assert (newer.about.name, len(newer.versions), template_of(newer, 1)) == ("Other jokes", 1, "Shorter: {topic}")
    assert "Other jokes · version 1" in said(page)


def test_a_message_stays_typed_when_nothing_has_changed(page: AppTest) -> None:
    save_as(page, name="Jokes")
    save_as(page, message="typed with care")
    assert "Nothing has changed: this is version 1." in toasts(page)
    assert page.text_input(key="save_message").value == "typed with care"
    write(page, "Shorter: {topic}")
    press(page, "save_now")
    assert [version.message for version in chains()[0].versions] == ["", "typed with care"]
    assert "save_message" not in {field.key for field in page.text_input}


def test_the_saved_chain_is_read_once_a_turn(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    save_as(page, name="Jokes")
    opening = Mock(wraps=engine().library.open)
    monkeypatch.setattr(engine().library, "open", opening)
    page.session_state["save_more"] = True
    page.run()
    opening.assert_called_once()


def test_values_are_kept_only_when_wanted(page: AppTest) -> None:
    save_as(page, name="without")
    page.session_state["save_inputs"] = True
    save_as(page, name="with", new=True)
    with_inputs, without = (engine().library.document(chain.id, 1).inputs for chain in chains())
    assert (with_inputs, without) == ({"topic": "ice cream"}, None)


def test_a_chain_with_a_broken_template_can_be_saved(page: AppTest) -> None:
    write(page, "not yet {")
    save_as(page, name="Draft")
    assert template_of(chains()[0], 1) == "not yet {"


def test_what_cannot_be_read_is_not_saved_and_says_why(page: AppTest) -> None:
    page.session_state["save_inputs"] = True
    page.session_state["template_format"] = "mustache"
    write(page, "{{#list}}x{{/list}}")
    page.text_area(key="var_list").set_value("[1,").run()
    save_as(page, name="x")
    assert chains() == []
    assert "The value of list is no JSON" in toasts(page)


def test_of_two_who_save_at_once_both_are_kept_and_shown_and_mine_can_be_made_current(
    page: AppTest, other: AppTest
) -> None:
    chain = _in_both(page, other)
    write(page, "mine {topic}")
    write(other, "theirs {topic}")
    press(other, "save")
    assert "Saved as version 2." in toasts(other)
    page.run()
    assert "edited since version 1 · version 2 is the current one" in said(page)
    press(page, "save")
    assert "You edited version 1, and version 2 is the current one by now." in said(page)
    assert "Nothing is overwritten: yours is kept as version 3, beside it." in said(page)
    (shown,) = page.get("bidi_component")[:1]
    assert "mine" in str(shown.proto)
    assert "theirs" in str(shown.proto)
    assert chain_of(chain).head == 2

    press(page, "clash_mine")
    assert chain_of(chain).head == 3
    assert "Which is to be the current one?" not in said(page)
    assert "Jokes · version 3" in said(page)
    assert {template_of(chain_of(chain), number) for number in (2, 3)} == {"mine {topic}", "theirs {topic}"}


def test_the_other_can_stay_current_and_is_on_the_form_then(page: AppTest, other: AppTest) -> None:
    chain = _in_both(page, other)
    write(other, "theirs {topic}")
    press(other, "save")
    write(page, "mine {topic}")
    press(page, "save")
    press(page, "clash_other")
    assert templates(page)[0] == "theirs {topic}"
    assert "Jokes · version 2" in said(page)
    assert (chain_of(chain).head, template_of(chain_of(chain), 3)) == (2, "mine {topic}")
    assert "clash_other" not in {button.key for button in page.button}


def test_keeping_the_other_never_drops_what_was_typed_since(page: AppTest, other: AppTest) -> None:
    _in_both(page, other)
    write(other, "theirs {topic}")
    press(other, "save")
    write(page, "mine {topic}")
    press(page, "save")
    write(page, "mine, and more {topic}")
    press(page, "clash_other")
    assert templates(page)[0] == "mine, and more {topic}"


def test_a_third_who_saves_while_one_decides_is_not_overwritten(page: AppTest, other: AppTest) -> None:
    chain = _in_both(page, other)
    write(other, "theirs {topic}")
    press(other, "save")
    write(page, "mine {topic}")
    press(page, "save")
    write(other, "theirs again {topic}")
    press(other, "save")
    press(page, "clash_mine")
    assert "Another version has become the current one meanwhile" in toasts(page)
    assert chain_of(chain).head == 4
    assert "version 4 is the current one by now" in said(page)


def test_a_chain_that_was_deleted_meanwhile_is_said_and_can_be_saved_anew(page: AppTest) -> None:
    save_as(page, name="Jokes")
    engine().library.delete(chains()[0].id)
    page.run()
    assert "version 1" not in said(page)
    save_as(page, name="Again")
    assert [chain.about.name for chain in chains()] == ["Again"]


def test_a_form_that_was_filled_from_elsewhere_is_a_version_of_nothing(page: AppTest) -> None:
    save_as(page, name="Jokes")
    run = kept(request(template="Tell me about {topic}"))
    page.query_params["run"] = run
    page.run()
    assert templates(page)[0] == "Tell me about {topic}"
    assert "Jokes" not in said(page)
    press(page, "save")
    assert len(chains()[0].versions) == 1


def test_a_refresh_keeps_which_version_the_form_holds(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda context: {"playground_browser": "b" * 22}))
    save_as(page, name="Jokes")
    write(page, "Tell me two jokes about {topic}")
    again = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=20)
    again.query_params["draft"] = page.query_params["draft"]
    again.run()
    assert "Jokes · edited since version 1" in said(again)
    press(again, "save")
    assert "Jokes · version 2" in said(again)


def test_fields_and_sections_that_are_off_are_saved_too(page: AppTest) -> None:
    fields = {"topic": FieldSpec(kind="choice", choices=("ice cream", "rain"))}
    off = (OffSection(row=0, before=0, text="# Off\n"),)
    page.session_state["field_specs"] = {name: field.model_dump(mode="json") for name, field in fields.items()}
    page.session_state["off_sections"] = [section.model_dump(mode="json") for section in off]
    page.run()
    save_as(page, name="Jokes")
    document = engine().library.document(chains()[0].id, 1)
    assert (document.fields, document.off) == (fields, off)


def _in_both(page: AppTest, other: AppTest) -> str:
    """A chain that is open in both tabs."""
    save_as(page, name="Jokes")
    (chain,) = chains()
    for key, value in (("saved_chain", chain.id), ("saved_base", 1)):
        other.session_state[key] = value
    other.run()
    return chain.id


def chain_of(chain: str) -> SavedChain:
    return engine().library.open(chain)
