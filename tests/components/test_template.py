"""What an editor of a template is given, and what becomes of what it tells."""

from streamlit.testing.v1 import AppTest

from tests.components.app import editor, fields, ready, run_of, said, templates, write
from tests.support.playground import Json


def test_what_is_typed_comes_back_under_the_same_revision(app: AppTest) -> None:
    before = editor(app.run(), "template_0")
    after = editor(write(app, "Tell {who}"), "template_0")
    assert (after["text"], after["revision"]) == ("Tell {who}", before["revision"])


def test_what_the_script_changes_has_a_new_revision_and_what_it_leaves_alone_has_not(app: AppTest) -> None:
    app.run().button(key="add_message").click().run()
    write(app, "Second", 1)
    first, second = editor(app, "template_0"), editor(app, "template_1")
    app.button(key="add_message").click().run()
    assert editor(app, "template_0") == first
    app.button(key="delete_0").click().run()
    moved = editor(app, "template_0")
    assert moved["text"] == "Second"
    assert moved["revision"] not in (first["revision"], second["revision"])


def test_what_was_typed_into_an_older_text_does_not_undo_the_newer_one(app: AppTest) -> None:
    older = editor(app.run(), "template_0")["revision"]
    app.button(key="add_message").click().run()
    write(app, "Second", 1)
    app.button(key="delete_0").click().run()
    _tell(app, {"text": "Too late", "of": older})
    assert templates(app) == ["Second"]


def test_what_no_editor_would_tell_is_not_taken(app: AppTest) -> None:
    revision = editor(app.run(), "template_0")["revision"]
    for told in ("x" * 50_001, "\ud800", 7, None):
        _tell(app, {"text": told, "of": revision})
        assert templates(app) == ["Tell me a joke about {topic}"]
    _tell(app, {"text": "x" * 50_000, "of": revision})
    assert templates(app) == ["x" * 50_000]
    assert not app.exception


def test_a_text_that_does_not_fit_keeps_the_older_one_from_running_until_it_does(app: AppTest) -> None:
    revision = editor(app.run(), "template_0")["revision"]
    _tell(app, {"text": "{topic}" + "x" * 50_000, "of": revision, "number": 1})
    assert not ready(app)
    assert "Message 1 cannot be taken: it has 50,007 characters, and one may have 50,000. Shorten it." in said(app)
    _tell(app, {"text": "{topic} 😀" + "x" * 49_991, "of": revision, "number": 2})
    assert ready(app)
    app.button(key="add_branch").click().run()
    told = editor(app, "branch_1_template_0")["revision"]
    app.session_state["branch_1_template_0"] = {"edit": {"text": "x" * 50_001, "of": told}}
    app.run()
    assert "message 1 cannot be taken: it has 50,001 characters" in said(app)
    assert not app.exception


def test_an_editor_is_told_which_edit_the_script_has_changed(app: AppTest) -> None:
    first = editor(app.run(), "template_0")
    assert first["taken"] == 0
    _tell(app, {"text": "{x}", "of": first["revision"], "number": 7})
    assert editor(app, "template_0")["taken"] == 7
    _tell(app, {"text": "Too late", "of": "another", "number": 8})
    app.button(key="add_message").click().run()
    write(app, "Second", 1)
    app.button(key="delete_0").click().run()
    changed = editor(app, "template_0")
    assert (changed["text"], changed["taken"]) == ("Second", 7)


def test_a_run_takes_what_was_told_with_its_press(app: AppTest) -> None:
    revision = editor(app.run(), "template_0")["revision"]
    app.session_state["template_0"] = {"edit": {"text": "Only now", "of": revision}}
    app.button(key="run").click().run()
    assert run_of(app)
    assert templates(app) == ["Only now"]


def test_the_text_outlives_its_editor(app: AppTest) -> None:
    write(app.run(), "Kept {who}")
    app.switch_page("pages/runs.py").run()
    app.switch_page("pages/playground.py").run()
    assert templates(app) == ["Kept {who}"]
    assert list(fields(app)) == ["who"]


def test_the_editor_is_given_problems_by_place_and_names_to_offer(app: AppTest) -> None:
    app.run().button(key="add_message").click().run()
    write(app, "About {tone}", 1)
    given = editor(write(app, "Hi {topic}\n주제 {a b}"), "template_0")
    assert [(problem["line"], problem["column"]) for problem in given["problems"]] == [(2, 6)]
    assert given["names"] == ["topic", "tone"]
    assert not ready(app)


def test_a_placeholder_has_no_braces_to_colour(app: AppTest) -> None:
    assert editor(app.run(), "template_0")["format"] == "f-string"
    app.segmented_control(key="template_format").set_value("mustache").run()
    assert editor(app, "template_0")["format"] == "mustache"
    app.selectbox(key="role_0").set_value("placeholder").run()
    assert editor(app, "template_0")["format"] == "name"


def test_deleting_a_message_leaves_the_format_alone(app: AppTest) -> None:
    app.run().segmented_control(key="template_format").set_value("mustache").run()
    app.button(key="add_message").click().run()
    app.button(key="delete_0").click().run()
    assert app.segmented_control(key="template_format").value == "mustache"


def _tell(app: AppTest, edit: Json) -> None:
    app.session_state["template_0"] = {"edit": edit}
    app.run()
