"""Parallel branches in the form: they come, are edited, named, previewed, and go; problems stand in their place."""

from streamlit.testing.v1 import AppTest

from chains.spec import ChainSpec
from runs.opened import engine
from tests.components.app import fields, kept, ready, run_of, said, templates, write
from tests.support.playground import Json, request


def test_a_chain_becomes_two_branches_and_one_branch_a_chain_again(app: AppTest) -> None:
    app.run().button(key="add_branch").click().run()
    assert _branches(app) == {
        "branch_1": ["Tell me a joke about {topic}"],
        "branch_2": ["Tell me a joke about {topic}"],
    }
    assert _shared(app) == []
    assert ready(app)
    _write(app, 1, "Where do I buy {topic}?")
    app.button(key="branch_0_delete").click().run()
    assert _branches(app) == {}
    assert _shared(app) == ["Where do I buy {topic}?"]
    assert app.selectbox(key="role_0").value == "human"
    assert ready(app)
    assert not app.exception


def test_system_messages_and_histories_are_shared(app: AppTest) -> None:
    _open(app, [("system", "Be brief."), ("placeholder", "history"), ("human", "About {topic}"), ("ai", "So:")])
    app.button(key="add_branch").click().run()
    assert _shared(app) == ["Be brief.", "history"]
    assert _branches(app) == {name: ["About {topic}", "So:"] for name in ("branch_1", "branch_2")}
    app.button(key="branch_1_delete").click().run()
    assert _shared(app) == ["Be brief.", "history", "About {topic}", "So:"]


def test_a_chain_of_shared_messages_alone_gets_an_empty_row_a_branch(app: AppTest) -> None:
    _open(app, [("system", "Be brief.")])
    app.button(key="add_branch").click().run()
    assert (_shared(app), _branches(app)) == (["Be brief."], {"branch_1": [""], "branch_2": [""]})


def test_branches_have_rows_of_their_own(app: AppTest) -> None:
    _two(app)
    app.button(key="branch_0_add_message").click().run()
    _write(app, 0, "Second {b}", row=1)
    app.selectbox(key="branch_0_role_1").set_value("ai").run()
    assert _branches(app) == {"use": ["Use {topic}", "Second {b}"], "buy": ["Buy {thing}"]}
    assert list(fields(app)) == ["topic", "b", "thing"]
    app.button(key="branch_0_delete_0").click().run()
    assert _branches(app)["use"] == ["Second {b}"]
    assert app.selectbox(key="branch_0_role_0").value == "ai"
    assert app.button(key="branch_0_delete_0").disabled
    app.button(key="add_message").click().run()
    write(app, "Shared {all}")
    assert list(fields(app)) == ["all", "b", "thing"]
    app.button(key="delete_0").click().run()
    assert _shared(app) == []


def test_those_behind_a_deleted_branch_move_up(app: AppTest) -> None:
    _two(app)
    app.button(key="add_branch").click().run()
    app.text_input(key="branch_2_name").set_value("보기").run()
    _write(app, 2, "See {topic}")
    app.button(key="branch_0_delete").click().run()
    assert _branches(app) == {"buy": ["Buy {thing}"], "보기": ["See {topic}"]}
    app.button(key="add_branch").click().run()
    assert list(_branches(app)) == ["buy", "보기", "branch_1"]


def test_ten_branches_are_the_most(app: AppTest) -> None:
    app.run().button(key="add_branch").click().run()
    for _number in range(8):
        app.button(key="add_branch").click().run()
    assert len(_branches(app)) == 10
    assert app.button(key="add_branch").disabled
    assert ready(app)


def test_a_name_that_cannot_be_used_keeps_run_disabled_and_is_said(app: AppTest) -> None:
    _two(app)
    app.text_area(key="var_thing").set_value("salt").run()
    app.text_input(key="branch_1_name").set_value("2 buy").run()
    assert not ready(app)
    assert "The name of branch 2 does not fit: letters, digits and _ are wanted" in said(app)
    app.text_input(key="branch_1_name").set_value("use").run()
    assert "Branches does not fit: two branches have the name use." in said(app)
    app.text_input(key="branch_1_name").set_value(" 사기 ").run()
    assert ready(app)


def test_a_problem_stands_below_its_own_row(app: AppTest) -> None:
    _two(app)
    app.button(key="branch_1_add_message").click().run()
    _write(app, 1, "First line\nTell {", row=1)
    assert not ready(app)
    assert "Branch buy, message 2, line 2, column 6 cannot run" in said(app)
    assert said(app).count("Line 2, column 6") == 1
    app.button(key="add_message").click().run()
    write(app, "Shared {")
    assert "Message 1, line 1, column 8 cannot run" in said(app)
    assert said(app).replace("**", "").count("Line 1, column 8") == 1
    assert said(app).replace("**", "").count("Line 2, column 6") == 1


def test_the_preview_shows_each_branch_s_exact_messages(app: AppTest) -> None:
    _two(app)
    app.button(key="add_message").click().run()
    write(app, "Be {{brief}}.")
    app.text_area(key="var_thing").set_value("소금").run()
    app.session_state["preview"] = True
    app.run()
    assert [code.value for code in app.code] == ["Be {brief}.", "Use ice cream", "Be {brief}.", "Buy 소금"]
    assert [name for name in ("**use**", "**buy**") if name in said(app)] == ["**use**", "**buy**"]


def test_run_sends_the_branches_and_its_link_fills_them_in_again(app: AppTest) -> None:
    _two(app)
    app.text_area(key="var_thing").set_value("salt").run()
    app.button(key="run").click().run()
    asked = engine().request(run_of(app))
    assert [(branch.name, branch.messages[0].template) for branch in asked.chain.branches or ()] == [
        ("use", "Use {topic}"),
        ("buy", "Buy {thing}"),
    ]
    app.button(key="branch_0_delete").click().run()
    other = kept(request())
    app.query_params["run"] = other
    app.run()
    assert (_shared(app), _branches(app)) == (["Tell me a joke about {topic}"], {})
    app.query_params["run"] = kept(asked.model_dump(mode="json", exclude_none=True))
    app.run()
    assert _branches(app) == {"use": ["Use {topic}"], "buy": ["Buy {thing}"]}
    assert fields(app) == {"topic": "ice cream", "thing": "salt"}
    assert not app.exception


def _two(app: AppTest) -> None:
    """Two branches that share no message."""
    app.run().button(key="add_branch").click().run()
    for number, (name, template) in enumerate((("use", "Use {topic}"), ("buy", "Buy {thing}"))):
        app.text_input(key=f"branch_{number}_name").set_value(name).run()
        _write(app, number, template)


def _write(app: AppTest, branch: int, template: str, row: int = 0) -> None:
    write(app, template, row, f"branch_{branch}_")


def _open(app: AppTest, rows: list[tuple[str, str]]) -> None:
    """The playground with the chain of a run of these rows."""
    asked: Json = request()
    asked["chain"]["messages"] = [{"role": role, "template": template} for role, template in rows]
    ChainSpec.model_validate(asked["chain"])
    app.query_params["run"] = kept(asked)
    app.run()


def _shared(app: AppTest) -> list[str]:
    return templates(app)


def _branches(app: AppTest) -> dict[str, list[str]]:
    """The templates of each branch on the form."""
    found = {}
    for field in app.text_input:
        if str(field.key).startswith("branch_"):
            found[str(field.value)] = templates(app, str(field.key).removesuffix("name"))
    return found


def test_langchains_own_methods_refuse_branches_before_the_run(app: AppTest) -> None:
    app.run().button(key="add_branch").click().run()
    app.segmented_control(key="run_with").set_value("async").run()
    assert not ready(app)
    assert "LangChain's own methods run a plain chain only, and this one has parallel branches." in said(app)
    app.segmented_control(key="run_with").set_value("engine").run()
    assert ready(app)


def test_the_table_of_a_batch_has_the_variables_of_all_branches(app: AppTest) -> None:
    _two(app)
    app.segmented_control(key="mode").set_value("batch").run()
    assert not app.exception
    assert "No row has a value for thing." in said(app)
