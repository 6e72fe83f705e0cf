"""What the diff view is sent: both texts, and what is different in words."""

import json

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element

from tests.support.playground import Json


def texts() -> None:
    from components.diff.view import diff_view

    diff_view("one\ntell a joke", "one\ntell a story\nend", key="diff", names=("old", "new"))


def alike() -> None:
    from components.diff.view import diff_view

    diff_view("# 한글 <b>\n", "# 한글 <b>\n", key="diff", names=("old", "new"))


def documents() -> None:
    from chains.documents.document import Document, OffSection
    from chains.spec import ChainSpec, MessageSpec, ModelSpec
    from components.diff.view import document_diff

    def chain(*rows: MessageSpec, parser: str = "text") -> ChainSpec:
        return ChainSpec.model_validate(
            {"messages": rows, "model": ModelSpec(provider="simulated", model="m"), "parser": parser}
        )

    role, task = "# Role\nYou are kind.", "# Task\nTell {it} at length."
    old = chain(MessageSpec(role="human", template=f"{role}\n{task}\n# End\n"))
    new = chain(
        MessageSpec(role="ai", template="Hello, who is there?"),
        MessageSpec(role="system", template="# End\n\n# Mission\nTell {it} at length."),
        parser="json",
    )
    document_diff(
        old, Document(chain=new, off=(OffSection(row=1, before=1, text=f"{role}\n"),)), key="diff", names=("1", "2")
    )


def reordered() -> None:
    from chains.spec import ChainSpec, MessageSpec, ModelSpec
    from components.diff.view import document_diff

    one, other = MessageSpec(role="human", template="same words"), MessageSpec(role="ai", template="same words")
    model = ModelSpec(provider="simulated")
    chains = [ChainSpec(messages=(message,), model=model) for message in (one, other)]
    document_diff(chains[0], chains[1], key="diff", names=("1", "2"))


def pictured() -> None:
    from chains.images import to_uri
    from chains.spec import ChainSpec, MessageSpec, ModelSpec
    from components.diff.view import document_diff
    from tests.support.pictures import drawn

    rows = [MessageSpec(role="human", template="same words", images=images) for images in ((to_uri(drawn()),), ())]
    chains = [ChainSpec(messages=(row,), model=ModelSpec(provider="simulated")) for row in rows]
    document_diff(chains[0], chains[1], key="diff", names=("1", "2"))


def sent(app: AppTest) -> Json:
    (view,) = app.run().get("bidi_component")
    assert isinstance(view, Element)
    data: Json = json.loads(view.proto.json)[0]
    return data


def test_texts_are_sent_with_what_is_changed_in_them() -> None:
    data = sent(AppTest.from_function(texts))
    assert data["names"] == ["old", "new"]
    assert data["messages"][0]["sections"][0]["rows"] == [
        ["same", "one"],
        ["changed", ["tell a ", "joke", ""], ["tell a ", "story", ""]],
        ["added", "end"],
    ]
    assert data["summary"] == "1 line changed, 1 line added, 8 new characters, 4 characters gone"


def test_texts_that_are_alike_are_said_to_be() -> None:
    data = sent(AppTest.from_function(alike))
    assert data["summary"] == "Both are alike."
    assert data["messages"][0]["sections"][0]["rows"] == [["same", "# 한글 <b>"], ["same", ""]]


def test_documents_are_told_by_setting_message_and_section() -> None:
    data = sent(AppTest.from_function(documents))
    assert data["changes"] == [["Output parser", "text", "json"]]
    greeting, whole = data["messages"]
    assert (greeting["title"], greeting["role"], greeting["notes"]) == ("Message 1", "ai", ["new"])
    assert [section["notes"] for section in greeting["sections"]] == [[]]
    assert (whole["title"], whole["notes"]) == ("Message 2", ["was message 1", "role: human → system"])
    assert [(section["title"], section["notes"]) for section in whole["sections"]] == [
        ("End", ["moved"]),
        ("Role", ["switched off"]),
        ("Mission", ["was: Task"]),
    ]
    assert data["summary"].startswith("1 setting changed, 1 section moved, 1 section switched, 2 lines added, ")


def test_documents_that_differ_in_no_line_say_what_differs() -> None:
    data = sent(AppTest.from_function(reordered))
    assert data["summary"] == "Only the order or the roles of messages are different"
    assert data["messages"][0]["notes"] == ["role: human → ai"]


def test_other_images_are_said_though_no_line_is_different() -> None:
    data = sent(AppTest.from_function(pictured))
    assert data["summary"] == "other images in 1 message"
    assert data["messages"][0]["notes"] == ["images: PNG, 64 × 48, 1 kB → none"]
