"""The editor: rows, variables that come and go, refusals with their place, the preview."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.components.app import fields, ready, said, templates, write

BROKEN = [
    ("f-string", "Tell {", 6),
    ("f-string", "Tell {}", 6),
    ("f-string", "Tell {a.b}", None),
    ("f-string", "Tell {a!x}", None),
    ("f-string", '{"x": 1}', 1),
    ("f-string", "Tell {self}", None),
    ("f-string", "Tell {a:>9999999}", None),
    ("f-string", "Tell {0}", None),
    ("mustache", "Tell {{#on}} me", None),
    ("mustache", "Tell {{/on}} me", None),
    ("mustache", "Tell {{", None),
]


@pytest.mark.parametrize(("form", "template", "column"), BROKEN)
def test_a_broken_template_disables_run_and_says_where_and_what_instead(
    app: AppTest, form: str, template: str, column: int | None
) -> None:
    app.run().segmented_control(key="template_format").set_value(form).run()
    write(app, f"First line\n{template}")
    assert not ready(app)
    assert "Line 2, column" in said(app)
    if column is not None:
        assert f"Line 2, column {column} " in said(app).replace("**", " ")
    assert "line 2, column" in said(app)
    write(app, "Tell me a joke")
    assert ready(app)
    assert not app.exception


def test_variables_get_fields_as_the_template_changes(app: AppTest) -> None:
    write(app.run(), "Tell {who} about {topic} and {who}")
    assert list(fields(app)) == ["who", "topic"]
    write(app, "Tell me")
    assert fields(app) == {}
    assert ready(app)


def test_a_mustache_template_has_its_own_variables(app: AppTest) -> None:
    write(app.run(), "# 상황: {{question}} {literal}")
    app.segmented_control(key="template_format").set_value("mustache").run()
    assert list(fields(app)) == ["question"]
    assert templates(app) == ["# 상황: {{question}} {literal}"]


def test_a_value_returns_with_its_placeholder(app: AppTest) -> None:
    write(app.run(), "Tell me")
    write(app, "Tell me about {topic}")
    assert fields(app) == {"topic": "ice cream"}


def test_a_missing_value_is_named(app: AppTest) -> None:
    write(app.run(), "Tell {who} about {topic}")
    assert not ready(app)
    assert "No value for who." in said(app)
    app.text_area(key="var_who").set_value("us").run()
    assert ready(app)
    app.text_area(key="var_topic").set_value("   ").run()
    assert not ready(app)
    assert "No value for topic." in said(app)


@pytest.mark.parametrize("name", ["주제", "a b", "class"])
def test_a_variable_may_have_any_plain_name(app: AppTest, name: str) -> None:
    write(app.run(), f"Tell me about {{{name}}}")
    if " " in name:
        assert not ready(app)
        return
    assert list(fields(app)) == [name]


def test_messages_are_added_and_deleted_in_order(app: AppTest) -> None:
    app.run().button(key="add_message").click().run()
    write(app, "Second {b}", 1)
    app.selectbox(key="role_1").set_value("ai").run()
    app.button(key="add_message").click().run()
    write(app, "Third {c}", 2)
    assert list(fields(app)) == ["topic", "b", "c"]
    app.button(key="delete_0").click().run()
    assert templates(app) == ["Second {b}", "Third {c}"]
    assert [app.selectbox(key=f"role_{n}").value for n in range(2)] == ["ai", "human"]
    assert list(fields(app)) == ["b", "c"]
    app.button(key="delete_1").click().run()
    assert templates(app) == ["Second {b}"]
    assert app.button(key="delete_0").disabled


def test_a_placeholder_takes_a_history_as_json(app: AppTest) -> None:
    app.run().button(key="add_message").click().run()
    app.selectbox(key="role_1").set_value("placeholder").run()
    write(app, "history", 1)
    assert list(fields(app)) == ["topic", "history"]
    assert app.text_area(key="var_history").placeholder == '[{"role": "human", "content": "…"}]'
    assert ready(app)
    app.text_area(key="var_history").set_value("not json").run()
    assert not ready(app)
    assert "The value of history is no JSON" in said(app)
    app.text_area(key="var_history").set_value('[{"role": "human", "content": "hi"}]').run()
    assert ready(app)


def test_a_section_takes_json(app: AppTest) -> None:
    app.run().segmented_control(key="template_format").set_value("mustache").run()
    write(app, "{{#items}}- {{name}}\n{{/items}}")
    app.text_area(key="var_items").set_value('[{"name": "salt"}, {"name": "tea"}]').run()
    assert ready(app)
    _open_preview(app)
    assert "- salt\n- tea" in [code.value for code in app.code]


def test_the_preview_shows_the_exact_messages(app: AppTest) -> None:
    app.run().button(key="add_message").click().run()
    app.selectbox(key="role_1").set_value("ai").run()
    write(app, "{{literal}} {topic}", 1)
    _open_preview(app)
    assert [code.value for code in app.code] == ["Tell me a joke about ice cream", "{literal} ice cream"]
    assert "2 messages" in said(app)


def test_the_preview_of_what_cannot_run_says_why(app: AppTest) -> None:
    write(app.run(), "Tell {who}")
    _open_preview(app)
    assert not app.code
    assert said(app).count("No value for who.") == 2


def _open_preview(app: AppTest) -> None:
    app.session_state["preview"] = True
    app.run()


def test_of_many_variables_without_a_value_the_first_ten_are_named(app: AppTest) -> None:
    write(app.run(), "".join(f"{{v{number}}}" for number in range(60)))
    assert not ready(app)
    assert "No value for v0, v1, v2, v3, v4, v5, v6, v7, v8, v9 and 50 more." in said(app)
    app.segmented_control(key="mode").set_value("batch").run()
    assert "No row has a value for v0, v1, v2, v3, v4, v5, v6, v7, v8, v9 and 50 more." in said(app)
