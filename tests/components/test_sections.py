"""Sections in the form: the outline's changes reach the draft, those that are off stay with their message."""

from collections.abc import Mapping

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Expander

from chains.documents.document import Document, OffSection
from chains.spec import MAX_TEMPLATE_CHARACTERS, RunRequest
from runs.opened import engine
from runs.saved import About
from tests.components.app import CHAT, LIBRARY, PLAYGROUND, editor, kept, ready, run_of, said, tell, templates, write
from tests.support.playground import Json, branched, request

TREE = "section_tree"
TEXT = "Tell me.\n\n# A\na {topic}\n\n## A1\none\n\n# B\nb"


def test_a_prompt_without_headings_has_no_outline(app: AppTest) -> None:
    assert not _panels(app.run())
    write(app, "```\n# not a heading\n```")
    assert not _panels(app)
    write(app, TEXT)
    assert [panel.label for panel in _panels(app)] == ["Sections"]
    assert not app.exception


def test_the_outline_shows_the_sections_of_every_message(app: AppTest) -> None:
    app.run().button(key="add_message").click().run()
    app.button(key="add_branch").click().run()
    write(app, TEXT, of="branch_1_")
    shown = _outline(app)
    names = ("branch_1, message 1", "branch_1, message 2", "branch_2, message 1", "branch_2, message 2")
    assert [message["name"] for message in shown] == [f"{name}, human" for name in names]
    assert [len(message["parts"]) for message in shown] == [0, 0, 4, 0]
    assert [(part["name"], part["level"], part["tokens"], part["on"]) for part in shown[2]["parts"]] == [
        ("Before the first heading", 0, 3, True),
        ("A", 1, 4, True),
        ("A1", 2, 3, True),
        ("B", 1, 2, True),
    ]
    assert shown[2]["tokens"] == 12


def test_a_prompt_of_thousands_of_headings_is_shown_in_part(app: AppTest) -> None:
    write(app.run(), "# x\n" * 2_000)
    _off(app, OffSection(row=0, before=2_000, text="# last"))
    [message] = _outline(app)
    assert (len(message["parts"]), message["cut"]) == (301, 1_700)
    assert message["parts"][-1]["name"] == "last"


def test_the_sections_that_are_not_shown_come_on_demand_and_can_be_moved_then(app: AppTest) -> None:
    template = "".join(f"# {number}\n" for number in range(610))
    outline = Outline(app, template)
    assert _shown_and_cut(app) == (300, 310)
    for label, shown in (("Show the next 300 sections", (600, 10)), ("Show the next 10 sections", (610, 0))):
        assert app.button(key="more_sections").label == label
        app.button(key="more_sections").click().run()
        assert _shown_and_cut(app) == shown
    assert not [button for button in app.button if button.key == "more_sections"]
    outline.do("609", op="move", by=-1)
    assert outline.template.endswith("# 607\n# 609\n# 608\n")
    app.query_params["run"] = kept(request(template=template))
    app.run()
    assert _shown_and_cut(app) == (300, 310)


def _shown_and_cut(app: AppTest) -> tuple[int, int]:
    [message] = _outline(app)
    return len(message["parts"]), int(message["cut"])


def test_a_history_is_no_text_with_sections(app: AppTest) -> None:
    write(app.run(), "# history")
    app.selectbox(key="role_0").set_value("placeholder").run()
    assert not _panels(app)


def test_what_is_off_is_said_while_the_outline_is_closed(app: AppTest) -> None:
    write(app.run(), "Tell me")
    _off(app, OffSection(row=0, before=1, text="# A\na"))
    assert "1 section is off: the draft keeps it, and the run does not see it." in said(app)
    assert ready(app)
    app.button(key="run").click().run()
    assert engine().request(run_of(app)).chain.messages[0].template == "Tell me"


def test_what_is_off_stays_with_its_message(app: AppTest) -> None:
    app.run().button(key="add_message").click().run()
    app.button(key="add_message").click().run()
    for row in range(3):
        write(app, f"{row}", row)
    _off(app, *(OffSection(row=row, before=1, text=f"# {row}") for row in range(3)))
    write(app, "# other\ntext", 1)
    app.button(key="delete_0").click().run()
    assert _kept_off(app) == [(0, "# 1"), (1, "# 2")]
    app.switch_page(CHAT).run()
    app.switch_page(PLAYGROUND).run()
    assert _kept_off(app) == [(0, "# 1"), (1, "# 2")]
    app.button(key="delete_1").click().run()
    assert _kept_off(app) == [(0, "# 1")]


def test_what_is_off_keeps_its_place_among_sections_that_are_typed(app: AppTest) -> None:
    write(app.run(), "# A\n# C")
    _off(app, OffSection(row=0, before=1, text="# B"))
    write(app, "# X\n# A\n# C")
    assert [part["name"] for part in _outline(app)[0]["parts"]] == ["X", "A", "B", "C"]
    write(app, "# C")
    assert [part["name"] for part in _outline(app)[0]["parts"]] == ["B", "C"]


def test_what_is_off_follows_its_branch(app: AppTest) -> None:
    app.query_params["run"] = kept(branched(request(), one="1", two="2"))
    app.run()
    _off(app, OffSection(row=0, before=1, text="# one"), OffSection(row=1, before=1, text="# two"))
    app.button(key="add_message").click().run()
    assert _kept_off(app) == [(1, "# one"), (2, "# two")]
    app.button(key="branch_0_add_message").click().run()
    assert _kept_off(app) == [(1, "# one"), (3, "# two")]
    app.button(key="add_branch").click().run()
    assert _kept_off(app) == [(1, "# one"), (3, "# two"), (4, "# two")]
    app.button(key="branch_0_delete").click().run()
    assert _kept_off(app) == [(1, "# two"), (2, "# two")]
    app.button(key="delete_0").click().run()
    assert _kept_off(app) == [(0, "# two"), (1, "# two")]
    assert not app.exception


def test_a_plain_chain_takes_its_sections_into_its_branches(app: AppTest) -> None:
    _off(app.run(), OffSection(row=0, before=1, text="# A"))
    app.button(key="add_branch").click().run()
    assert _kept_off(app) == [(0, "# A"), (1, "# A")]
    app.button(key="branch_0_delete").click().run()
    assert _kept_off(app) == [(0, "# A")]


def test_an_opened_run_has_no_sections_that_are_off(app: AppTest) -> None:
    _off(app.run(), OffSection(row=0, before=1, text="# A"))
    app.query_params["run"] = kept(request())
    app.run()
    assert _kept_off(app) == []


def test_what_is_off_keeps_its_place_in_each_version_that_is_opened(app: AppTest) -> None:
    texts = ("# A\n# B", "# N\n# A\n# B")
    chain = engine().library.begin(About("Two"), _with_x_behind_the_first(texts[0])).chain
    engine().library.save(chain, _with_x_behind_the_first(texts[1]), base=1)
    for number, names in ((1, "AXB"), (2, "NXAB"), (1, "AXB")):
        _open_version(app, chain, number)
        assert "".join(part["name"] for part in _outline(app)[0]["parts"]) == names
        assert f"Two · version {number}" in said(app)


def test_what_is_off_keeps_its_place_in_a_form_that_is_taken_up(app: AppTest) -> None:
    app.run()
    places = AppTest.from_function(_take_up_two_forms).run().session_state["places"]
    assert places == [1, 1]


def _take_up_two_forms() -> None:
    import json

    import streamlit as st

    from components import state
    from components.kept import form
    from components.sections import draft

    state.ensure_draft()
    places = st.session_state["places"] = []
    for template in ("# A\n# B", "# N\n# A\n# B"):
        held = json.loads(form.written())
        held |= {"rows": [{"role": "human", "template": template}], "off": [{"row": 0, "before": 1, "text": "# X"}]}
        assert form.take(json.dumps(held))
        draft.follow()
        places.append(state.document.off()[0].before)


def test_what_is_off_keeps_its_place_when_a_message_like_it_is_deleted(app: AppTest) -> None:
    app.run().button(key="add_message").click().run()
    write(app, "# A\n# B")
    write(app, "# N\n# A\n# B", 1)
    _off(app, *(OffSection(row=row, before=1, text="# X") for row in range(2)))
    app.button(key="delete_0").click().run()
    assert "".join(part["name"] for part in _outline(app)[0]["parts"]) == "NXAB"


@pytest.mark.parametrize(("language", "text"), [("en", "# FORMAT\n- Begin"), ("ko", "# 형식:\n- 먼저")])
def test_the_palette_puts_a_section_at_the_end(app: AppTest, language: str, text: str) -> None:
    app.run().segmented_control(key="palette_language_en").set_value(language).run()
    app.button(key="palette_format").click().run()
    assert templates(app)[0].startswith(f"Tell me a joke about {{topic}}\n\n{text}")
    assert ready(app)
    assert len(_outline(app)[0]["parts"]) == 2


def test_the_palette_puts_it_into_the_chosen_message(app: AppTest) -> None:
    app.run().button(key="add_message").click().run()
    app.selectbox(key="palette_message").set_value(1).run()
    app.button(key="palette_role").click().run()
    assert templates(app)[0] == "Tell me a joke about {topic}"
    assert templates(app)[1].startswith("# ROLE\n")
    app.button(key="delete_1").click().run()
    app.button(key="palette_role").click().run()
    assert "\n\n# ROLE\n" in templates(app)[0]


@pytest.mark.parametrize(
    ("template", "reason"),
    [("```\n# open", "a code block that is not closed"), ("x" * 49_990, "the message would have")],
)
def test_the_palette_says_what_a_message_does_not_take(app: AppTest, template: str, reason: str) -> None:
    write(app.run(), template)
    app.button(key="palette_role").click().run()
    assert templates(app)[0] == template
    assert reason in said(app)


def test_a_section_is_moved_switched_and_renamed(app: AppTest) -> None:
    outline = Outline(app)
    outline.do("B", op="move", by=-1)
    assert outline.template == "Tell me.\n\n# B\nb\n\n# A\na {topic}\n\n## A1\none"
    assert outline.said == "“B” is now section 2 of 4."
    outline.do("A", op="move", before=outline.id("B"))
    assert outline.template == TEXT
    outline.do("A", op="move", before="")
    assert outline.said == "“A” is now section 3 of 4."
    outline.do("B", op="move", by=1)
    assert outline.template == TEXT
    outline.do("A", op="switch", on=False)
    assert outline.template == "Tell me.\n\n# B\nb"
    assert outline.said == "“A” is off: the draft keeps it, and the run does not see it."
    assert _kept_off(outline.app) == [(0, "# A\na {topic}\n\n"), (0, "## A1\none\n\n")]
    outline.do("A", op="rename", title="Ä")
    assert outline.said == "The section is now called “Ä”."
    outline.do("Ä", op="switch", on=True)
    assert outline.template == TEXT.replace("# A\n", "# Ä\n")
    assert outline.said == "“Ä” is on: the run sees it again."


def test_a_section_at_the_end_of_its_way_stays(app: AppTest) -> None:
    outline = Outline(app)
    outline.do("A", op="move", by=-1)
    assert (outline.template, outline.said) == (TEXT, "“A” is now section 2 of 4.")


def test_what_would_reorder_a_title_is_seen_in_it_and_kept_in_the_text(app: AppTest) -> None:
    outline = Outline(app, "# a\u202eb\nx\n# c")
    (part, _other) = _outline(app)[0]["parts"]
    assert (part["title"], part["name"]) == ("a\u202eb", "aU+202Eb")
    outline.do("aU+202Eb", op="switch", on=False)
    assert outline.said == "“aU+202Eb” is off: the draft keeps it, and the run does not see it."
    outline.do("aU+202Eb", op="switch", on=True)
    assert outline.template == "# a\u202eb\nx\n# c"


def test_sections_of_the_same_text_are_told_apart(app: AppTest) -> None:
    outline = Outline(app, "# A\n\n# B\n\n# A")
    first, _second, third = (part["id"] for part in _outline(app)[0]["parts"])
    assert first != third
    outline.do(third, op="switch", on=False)
    assert outline.template == "# A\n\n# B\n\n"


def test_a_change_of_what_is_no_longer_there_does_nothing(app: AppTest) -> None:
    outline = Outline(app)
    old = outline.id("B")
    outline.do("B", op="rename", title="New")
    outline.do(old, op="switch", on=False)
    assert outline.said == "The message was changed meanwhile; nothing was done."
    assert outline.template == TEXT.replace("# B", "# New")
    outline.do(old, op="switch", on=False, row=7)
    assert outline.template == TEXT.replace("# B", "# New")


def test_a_change_that_the_message_does_not_take_is_refused(app: AppTest) -> None:
    outline = Outline(app, "# A\n# B\n```\n")
    outline.do("B", op="move", by=-1)
    assert outline.said.startswith("Nothing was done: a code block that is not closed")
    assert outline.template == "# A\n# B\n```\n"
    long = "# A\n" + "a" * (MAX_TEMPLATE_CHARACTERS - 4)
    outline = Outline(outline.app, long)
    outline.do("A", op="rename", title="Another")
    assert outline.said.startswith("Nothing was done: the message would have 50,006 characters, and one takes 50,000.")
    assert outline.template == long


class Outline:
    """The outline of one message, and what a person does in it, told to the script as the component tells it."""

    def __init__(self, app: AppTest, template: str = TEXT) -> None:
        self.app = app
        write(app.run(), template)

    @property
    def template(self) -> str:
        return templates(self.app)[0]

    @property
    def said(self) -> str:
        sentence: str = editor(self.app, TREE)["said"]["sentence"]
        return sentence

    def id(self, name: str) -> str:
        """The id of the section of that name."""
        found = [part["id"] for part in _outline(self.app)[0]["parts"] if part["name"] == name]
        return str(found[0]) if found else name

    def do(self, name: str, **change: object) -> None:
        _outline(self.app)
        tell(self.app, TREE, "change", {"row": 0, "id": self.id(name), **change})


def _panels(app: AppTest) -> list[Expander]:
    return [panel for panel in app.expander if panel.label == "Sections"]


def _outline(app: AppTest) -> list[Json]:
    """The messages as the open outline is given them."""
    app.session_state["sections"] = True
    app.run()
    messages: list[Json] = editor(app, TREE)["messages"]
    return messages


def _with_x_behind_the_first(template: str) -> Document:
    """A document of one message in which a section X is off."""
    chain = RunRequest.model_validate(request(template=template)).chain
    return Document(chain=chain, off=(OffSection(row=0, before=1, text="# X\n"),))


def _open_version(app: AppTest, chain: str, number: int) -> None:
    app.run().switch_page(LIBRARY)
    app.query_params["chain"] = chain
    app.run()
    app.button(key=f"open_version_{number}").click().run()
    app.switch_page(PLAYGROUND).run()
    assert not app.exception


def _off(app: AppTest, *sections: OffSection) -> None:
    app.session_state["off_sections"] = [section.model_dump() for section in sections]
    app.run()


def _kept_off(app: AppTest) -> list[tuple[int, str]]:
    kept: list[Mapping[str, object]] = app.session_state["off_sections"]
    return [(int(str(section["row"])), str(section["text"])) for section in kept]
