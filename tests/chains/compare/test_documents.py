"""Two documents compared: every difference is named, and a section is known again wherever it went."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from chains.compare.diff import Counts
from chains.compare.documents import DocumentDiff, compare
from chains.compare.pairs import in_order, merged
from chains.compare.sections import Part, SectionDiff, compare_sections, parts
from chains.documents.document import Document, FieldSpec, OffSection
from chains.sections import arrangement
from chains.sections.arrangement import Arrangement
from chains.spec import BranchSpec, ChainSpec, MessageSpec, ModelSpec
from tests.support.pictures import drawn, uri

ROLE = "# Role\nYou are a kind and patient teacher."
TASK = "# Task\nExplain {topic} in three short sentences."
FORMAT = "# Format\nPlain text, no list, no heading."


def document(*templates: str, off: tuple[OffSection, ...] = (), **more: object) -> Document:
    messages = [{"role": "human", "template": template} for template in templates]
    chain = {"messages": messages, "model": {"provider": "simulated"}, **more}
    return Document(chain=ChainSpec.model_validate(chain), off=off)


def sections(found: DocumentDiff) -> list[SectionDiff]:
    return [section for message in found.messages for section in message.sections]


def titles(found: DocumentDiff) -> list[tuple[str | None, str | None]]:
    return [(one.left.title if one.left else None, one.right.title if one.right else None) for one in sections(found)]


def human(*images: str) -> MessageSpec:
    return MessageSpec(role="human", template=TASK, images=images)


def changes(one: Document, other: Document) -> list[tuple[str, str, str]]:
    found = compare(one, other).changes
    return [(change.name.replace("{name}", change.values.get("name", "")), change.old, change.new) for change in found]


SECTIONS = st.lists(st.sampled_from(["# A\n", "## B\nb\n", "# C\r\n\n"]), max_size=4)
OFF = st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["# A\noff\n", "## D\n", "before all\n"])), max_size=4)


@given(st.sampled_from(["", "Intro.\n"]), SECTIONS, OFF)
def test_sections_stand_where_the_outline_has_them(opening: str, on: list[str], off: list[tuple[int, str]]) -> None:
    template = "".join((opening, *on))
    sections = tuple(OffSection(row=0, before=before, text=text) for before, text in off)
    outlined = [
        (part.title, not part.on, part.text.strip()) for part in arrangement.parts(Arrangement(0, template, sections))
    ]
    compared = [(part.title, part.off, part.text.strip()) for part in parts(template, sections)]
    assert compared == (outlined or [("", False, "")])


def test_a_document_is_the_same_as_itself() -> None:
    whole = document(f"{ROLE}\n{TASK}", off=(OffSection(row=0, before=1, text=f"{FORMAT}\n"),))
    found = compare(whole, whole)
    assert found.is_same
    assert found.counts == Counts()


def test_every_value_that_differs_is_named_with_old_and_new() -> None:
    one = document("a", name="old", model={"provider": "simulated", "parameters": {"seed": 1, "stop": ["x"]}})
    model: JsonValue = {
        "provider": "openai-compatible",
        "model": "m",
        "base_url": "http://h/v1",
        "parameters": {"seed": 2},
    }
    other = document("a", name="new", template_format="mustache", parser="json", model=model)
    assert changes(one, other) == [
        ("Name of the chain", "old", "new"),
        ("Template format", "f-string", "mustache"),
        ("Output parser", "text", "json"),
        ("Provider", "simulated", "openai-compatible"),
        ("Model", "", "m"),
        ("Base URL", "", "http://h/v1"),
        ("seed", "1", "2"),
        ("stop", '["x"]', ""),
    ]


def test_fields_and_inputs_are_named_by_their_variable() -> None:
    chain = ChainSpec(messages=(MessageSpec(role="human", template="{a}"),), model=ModelSpec(provider="simulated"))
    one = Document(chain=chain, inputs={"a": "x", "b": [1]})
    other = Document(
        chain=chain, fields={"a": FieldSpec(kind="choice", choices=("x", "y"))}, inputs={"a": "y", "b": [1]}
    )
    assert changes(one, other) == [("Field of a", "", "choice: x, y"), ("Value of a", "x", "y")]
    assert not compare(one, other).is_same


def test_a_bound_value_that_differs_is_named_by_its_variable() -> None:
    one, other = document("{a}", partials={"a": "x"}), document("{a}", partials={"a": "y"})
    assert changes(one, other) == [("Bound value of a", "x", "y")]
    assert not compare(one, other).is_same


def test_other_images_make_another_message() -> None:
    first, second = (uri(drawn(size=size)) for size in ((8, 8), (9, 9)))
    chains = [document(TASK).chain.model_copy(update={"messages": (human(*uris),)}) for uris in ((first,), (second,))]
    found = compare(*(Document(chain=chain) for chain in chains))
    (message,) = found.messages
    assert message.has_other_images
    assert (message.left, message.right) == (1, 1)
    assert not found.is_same


def test_a_change_is_told_in_its_section_alone() -> None:
    found = compare(document(f"{ROLE}\n{TASK}"), document(f"{ROLE}\n{TASK.replace('three', 'two')}"))
    assert titles(found) == [("Role", "Role"), ("Task", "Task")]
    assert [section.is_same for section in sections(found)] == [True, False]
    assert found.counts == Counts(changed=1, added_characters=3, removed_characters=5)


def test_a_section_that_moved_is_the_same_section_elsewhere() -> None:
    found = compare(document(f"{ROLE}\n{TASK}\n{FORMAT}"), document(f"{TASK}\n{FORMAT}\n{ROLE}"))
    assert titles(found) == [("Task", "Task"), ("Format", "Format"), ("Role", "Role")]
    assert [section.moved for section in sections(found)] == [False, False, True]
    assert all(section.diff.is_same for section in sections(found))
    assert not found.is_same


def test_a_section_that_was_renamed_is_still_itself() -> None:
    found = compare(document(f"{ROLE}\n{TASK}"), document(f"{ROLE}\n{TASK.replace('# Task', '# What to do')}"))
    assert titles(found) == [("Role", "Role"), ("Task", "What to do")]


def test_a_section_that_came_or_went_stands_in_its_place() -> None:
    found = compare(document(f"{ROLE}\n{TASK}"), document(f"{ROLE}\n{FORMAT}"))
    assert titles(found) == [("Role", "Role"), ("Task", None), (None, "Format")]
    assert found.counts == Counts(added=2, removed=2, added_characters=40, removed_characters=47)


def test_a_section_that_was_switched_off_is_not_gone() -> None:
    off = OffSection(row=0, before=1, text=f"{TASK}\n")
    found = compare(document(f"{ROLE}\n{TASK}\n{FORMAT}"), document(f"{ROLE}\n{FORMAT}", off=(off,)))
    assert titles(found) == [("Role", "Role"), ("Task", "Task"), ("Format", "Format")]
    assert [section.right and section.right.off for section in sections(found)] == [False, True, False]
    assert found.counts == Counts()
    assert not found.is_same


def test_a_new_message_does_not_shift_the_others() -> None:
    found = compare(document(ROLE, TASK), document("Greet first.", ROLE, TASK))
    assert [(message.left, message.right) for message in found.messages] == [(None, 1), (1, 2), (2, 3)]


def test_a_message_of_another_role_with_the_same_words_is_the_same_message() -> None:
    one = document(ROLE)
    spec = one.chain.messages[0].model_copy(update={"role": "system"})
    other = one.model_copy(update={"chain": one.chain.model_copy(update={"messages": (spec,)})})
    (message,) = compare(one, other).messages
    assert (message.old_role, message.new_role) == ("human", "system")
    assert not message.is_same


def test_a_message_that_was_written_anew_stands_beside_the_old_one() -> None:
    (message,) = compare(document("abc"), document("xyz")).messages
    assert (message.left, message.right) == (1, 1)


def test_branches_are_compared_by_name() -> None:
    def branched(*names: str) -> Document:
        rows = tuple(
            BranchSpec(name=name, messages=(MessageSpec(role="human", template=f"say {name}"),)) for name in names
        )
        return Document(chain=ChainSpec(messages=(), branches=rows, model=ModelSpec(provider="simulated")))

    found = compare(branched("a", "b"), branched("b", "c"))
    assert [(one.branch, one.left, one.right) for one in found.messages] == [
        ("a", 1, None),
        ("b", 1, 1),
        ("c", None, 1),
    ]
    assert [change.name for change in found.changes] == ["Branches"]


def test_off_sections_of_a_branch_are_counted_among_all_rows() -> None:
    rows = tuple(BranchSpec(name=name, messages=(MessageSpec(role="human", template=TASK),)) for name in "ab")
    chain = ChainSpec(
        messages=(MessageSpec(role="system", template="x"),), branches=rows, model=ModelSpec(provider="s")
    )
    one, other = Document(chain=chain), Document(chain=chain, off=(OffSection(row=2, before=0, text=ROLE),))
    assert [message.branch for message in compare(one, other).messages if not message.is_same] == ["b"]


@given(st.lists(st.sampled_from([ROLE, TASK, FORMAT, "plain", "", "# Role\n"]), max_size=5))
def test_the_parts_of_a_message_are_its_lines(pieces: list[str]) -> None:
    template = "\n".join(pieces)
    assert "\n".join(part.text for part in parts(template, ())) == template


def test_pairs_do_not_cross_and_all_are_listed_once() -> None:
    pairs = in_order("abcd", "bxd", lambda one, other: 1.0)
    assert pairs == [(1, 0), (2, 1), (3, 2)]
    assert list(merged(4, 3, [(1, 0), (3, 2)])) == [(0, None), (1, 0), (2, None), (None, 1), (3, 2)]


@pytest.mark.parametrize("count", [10, 60])
def test_many_messages_are_compared_within_reason(count: int) -> None:
    one = document(*(f"message {n} of many" for n in range(count)))
    other = document(*(f"message {n} of very many" for n in range(count)))
    assert [(found.left, found.right) for found in compare(one, other).messages] == [
        (n, n) for n in range(1, count + 1)
    ]


def test_thousands_of_other_headings_are_looked_at_once() -> None:
    """A heading that is sought among all others one by one is compared with each of them."""

    class Title(str):
        asked = 0

        def __eq__(self, other: object) -> bool:
            Title.asked += 1
            return str.__eq__(self, other)

        __hash__ = str.__hash__

    left, right = ([Part(Title(f"{side}{n}"), off=False, text="") for n in range(500)] for side in "ab")
    assert len(list(compare_sections(left, right))) == 1_000
    assert Title.asked < 5_000
