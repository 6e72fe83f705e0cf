"""Share links: they reopen what was shared in any browser, inputs only when wanted, keys never."""

import json
import random
import sqlite3
import string
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import streamlit as st
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element

from chains.documents.document import Document
from chains.files.link import from_link
from chains.images import to_uri
from components.library import form
from runs.opened import engine
from runs.saved import Sought
from tests.components.app import LIBRARY, fields, fresh, said, templates, write
from tests.support.pictures import weighing
from tests.support.playground import ROOT

__all__ = ["fresh"]

PAGE = "https://lab.example/prompts/"
NOISE = "".join(random.Random(3).choices(string.ascii_letters, k=4_000))


@pytest.fixture(autouse=True)
def cookies(fresh: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Whoever opens the app next, behind a path prefix; AppTest has neither cookies nor an address."""
    found = {"playground_browser": "m" * 22}
    monkeypatch.setattr(ContextProxy, "cookies", property(lambda context: found))
    monkeypatch.setattr(ContextProxy, "url", property(lambda context: PAGE))
    return found


def visit(**parameters: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=20)
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.run()


def shared(app: AppTest) -> str:
    """The link that the open popover shows."""
    app.session_state["share"] = True
    app.run()
    (view,) = [
        found
        for found in app.get("bidi_component")
        if isinstance(found, Element) and found.proto.component_name == "copy_link"
    ]
    return str(json.loads(view.proto.json)["link"])


def code(link: str) -> str:
    assert link.startswith(f"{PAGE}?share=")
    return parse_qs(urlsplit(link).query)["share"][0]


def prepared() -> AppTest:
    app = write(visit(), "Say {{topic}} in {{words}} words")
    app.segmented_control(key="template_format").set_value("mustache").run()
    app.segmented_control(key="parser").set_value("json").run()
    app.toggle(key="on_seed").set_value(True).run()
    app.number_input(key="param_seed").set_value(7.0).run()
    app.text_area(key="var_topic").set_value("a private topic").run()
    return app


def test_a_link_reopens_template_format_model_and_parameters_without_values(cookies: dict[str, str]) -> None:
    link = shared(prepared())
    cookies["playground_browser"] = "y" * 22
    app = visit(share=code(link))
    assert templates(app)[0] == "Say {{topic}} in {{words}} words"
    names = ("template_format", "parser", "provider", "model", "on_seed", "param_seed", "chain_name")
    found = {name: app.session_state[name] for name in names}
    assert found == {
        "template_format": "mustache",
        "parser": "json",
        "provider": "simulated",
        "model": "simulated",
        "on_seed": True,
        "param_seed": 7,
        "chain_name": "joke about {topic}",
    }
    assert fields(app) == {"topic": "", "words": ""}
    assert from_link(code(link)).inputs is None


def test_values_go_along_only_when_wanted() -> None:
    app = prepared()
    assert "private" not in str(from_link(code(shared(app))))
    app.checkbox(key="share_inputs").check().run()
    assert fields(visit(share=code(shared(app))))["topic"] == "a private topic"


def test_bound_values_too_go_along_only_when_wanted() -> None:
    app = prepared()
    app.session_state["bound"] = ["topic"]
    app.run()
    link = code(shared(app))
    assert from_link(link).chain.partials == {}
    assert "Values that are bound stay out too" in said(app)
    assert fields(visit(share=link)) == {"topic": "", "words": ""}
    app.checkbox(key="share_inputs").check().run()
    assert "stay out" not in said(app)
    opened = visit(share=code(shared(app)))
    assert (fields(opened)["topic"], opened.session_state["bound"]) == ("a private topic", ["topic"])


def test_the_text_of_sections_that_are_off_is_named() -> None:
    app = prepared()
    shared(app)
    assert "switched off" not in said(app)
    app.session_state["off_sections"] = [{"row": 0, "before": 0, "text": "# Off\n"}]
    assert from_link(code(shared(app))).off
    assert "The text of the sections that are switched off goes along." in said(app)


def test_a_typed_key_and_an_address_with_a_password_are_never_shared() -> None:
    app = visit()
    app.selectbox(key="provider").set_value("openai-compatible").run()
    app.text_input(key="base_url").set_value("http://127.0.0.1:9/v1").run()
    app.text_input(key="key_openai-compatible_http://127.0.0.1:9/v1").set_value("sk-never-shared").run()
    assert "sk-never-shared" not in from_link(code(shared(app))).model_dump_json()
    app.text_input(key="base_url").set_value("http://me:secret@127.0.0.1:9/v1").run()
    assert not [view for view in app.get("bidi_component") if "secret" in str(view)]
    assert "it must not hold a name or a password" in said(app)


def test_an_opened_link_is_a_draft_of_its_own_and_the_former_one_stays() -> None:
    link = shared(prepared())
    mine = visit()
    mine.text_area(key="var_topic").set_value("mine").run()
    former = "".join(mine.query_params["draft"])
    app = visit(draft=former, share=code(link))
    assert "share" not in app.query_params
    opened = "".join(app.query_params["draft"])
    assert opened != former
    assert fields(visit(draft=former))["topic"] == "mine"
    assert visit(draft=opened).session_state["param_seed"] == 7


def test_a_link_is_taken_up_once() -> None:
    app = visit(share=code(shared(prepared())))
    write(app, "edited")
    app.query_params["share"] = code(shared(prepared()))
    app.run()
    assert templates(app)[0] == "edited"


def test_a_long_prompt_is_shared_by_a_snapshot_that_a_press_makes(tmp_path: Path) -> None:
    app = write(visit(), f"{NOISE} {{topic}}")
    app.session_state["share"] = True
    app.run()
    for more in range(3):
        write(app, f"{NOISE} {{topic}} {more}")
    assert _snapshots(tmp_path) == 0
    app.button(key="make_link").click().run()
    link = code(shared(app))
    assert link.startswith("s.")
    assert len(link) == 24
    assert "copy that this server keeps" in said(app)
    assert code(shared(app)) == link
    assert _snapshots(tmp_path) == 1
    assert templates(visit(share=link))[0] == f"{NOISE} {{topic}} 2"
    write(app, f"{NOISE} {{topic}} 3")
    assert "make_link" in {button.key for button in app.button}
    assert "share_link" not in {getattr(view, "key", "") for view in app.get("bidi_component")}


def test_a_copy_that_the_database_refuses_is_said(tmp_path: Path) -> None:
    app = write(visit(), f"{NOISE} {{topic}}")
    app.session_state["share"] = True
    app.run()
    with closing(sqlite3.connect(tmp_path / "playground.sqlite3")) as store, store:
        store.execute("DROP TABLE snapshots")
    app.button(key="make_link").click().run()
    assert not app.exception
    assert "The copy could not be kept on this server." in said(app)


def test_a_link_whose_script_was_interrupted_is_taken_up_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    link = code(shared(prepared()))
    with monkeypatch.context() as interrupted:
        interrupted.setattr(form, "fill", _stop)
        app = visit(share=link)
    app.run()
    assert templates(app)[0] == "Say {{topic}} in {{words}} words"


def test_images_of_five_megabytes_are_shared_saved_and_exported() -> None:
    held = [to_uri(weighing(2_500_000 + n)) for n in range(2)]
    app = visit()
    app.session_state["images_0"] = held
    app.session_state["share"] = True
    app.run().button(key="make_link").click().run()
    assert visit(share=code(shared(app))).session_state["images_0"] == held
    app.session_state["save_more"] = True
    app.run().button(key="save_now").click().run()
    (chain,) = (listed.id for listed in engine().library.find(Sought(), limit=9)[0])
    assert list(engine().library.document(chain, 1).chain.rows[0].images) == held
    app.switch_page(LIBRARY)
    app.query_params["chain"] = chain
    app.session_state["export_chain"] = True
    app.run()
    assert "export_yaml_current" in {str(each.key) for each in app.get("download_button") if each.key}


def _stop(found: Document) -> None:
    st.stop()


def _snapshots(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "playground.sqlite3")) as store:
        return int(store.execute("SELECT count(*) FROM snapshots").fetchone()[0])


@pytest.mark.parametrize("link", ["broken", "s.no-such-snapshot", "s."])
def test_a_link_that_cannot_be_opened_is_said_and_the_draft_stays(link: str) -> None:
    mine = visit()
    mine.text_area(key="var_topic").set_value("mine").run()
    app = visit(draft="".join(mine.query_params["draft"]), share=link)
    assert "The link cannot be opened" in said(app)
    assert fields(app) == {"topic": "mine"}
    assert app.query_params["draft"] == mine.query_params["draft"]
    assert "share" not in app.query_params


def test_a_snapshot_that_is_no_document_is_refused() -> None:
    assert "The link cannot be opened" in said(visit(share=f"s.{engine().snapshots.keep('[1]')}"))


def test_without_a_draft_to_keep_it_in_the_link_stays_in_the_address(cookies: dict[str, str]) -> None:
    link = code(shared(prepared()))
    cookies.clear()
    app = visit(share=link)
    assert "".join(app.query_params["share"]) == link
    write(app, "edited")
    assert templates(app)[0] == "edited"


def test_what_cannot_be_shared_says_why() -> None:
    app = visit()
    app.selectbox(key="provider").set_value("openai-compatible").run()
    app.text_area(key="other_parameters").set_value("{").run()
    app.session_state["share"] = True
    app.run()
    assert "is no JSON" in said(app)
