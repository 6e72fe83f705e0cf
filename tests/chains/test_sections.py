"""What may be done with a message's sections: nothing gets lost, and what is undone is as it was."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains.documents.document import OffSection
from chains.sections.arrangement import (
    Arrangement,
    OpenFence,
    block_end,
    extended,
    followed,
    headings,
    moved,
    parts,
    places,
    renamed,
    step,
    switched,
)

many = settings(max_examples=10_000, deadline=None, derandomize=True, database=None)
some = settings(max_examples=2_000, deadline=None, derandomize=True, database=None)

ABC = "Intro\n\n# A\na\n\n## A1\none\n\n# B\nb\n\n# C\nc"
LINES = ["# A", "## B", "### C", "#", "text", "  ", "", "```", "~~~", "{{#on}}", "{{/on}}", "{x", "가"]
templates = st.lists(st.sampled_from([line + end for line in LINES for end in ("\n", "\r\n")]), max_size=9).flatmap(
    lambda lines: st.sampled_from(["", "# last", "end", "\n"]).map(lambda last: "".join(lines) + last)
)


def on_alone(template: str) -> Arrangement:
    return Arrangement(2, template)


@st.composite
def arrangements(draw: st.DrawFn) -> Arrangement:
    """A message of which some sections were switched off, one after the other."""
    found = on_alone(draw(templates))
    for at in draw(st.lists(st.integers(0, 8), max_size=3)):
        if at < len(parts(found)):
            found = switched(found, at, on=False)
    return found


def titles(of: Arrangement) -> list[str]:
    return [part.title if part.on else f"({part.title})" for part in parts(of)]


def everything(of: Arrangement) -> list[str]:
    """The lines of all sections that are not blank, in no order."""
    return sorted(line for part in parts(of) for line in part.text.splitlines() if line.strip())


def has_fence(of: Arrangement) -> bool:
    return any(fence in part.text for part in parts(of) for fence in ("```", "~~~"))


def test_a_section_that_is_off_leaves_the_template_and_comes_back_to_its_place() -> None:
    off = switched(on_alone(ABC), 3, on=False)
    assert off.template == "Intro\n\n# A\na\n\n## A1\none\n\n# C\nc"
    assert off.off == (OffSection(row=2, before=3, text="# B\nb\n\n"),)
    assert titles(off) == ["", "A", "A1", "(B)", "C"]
    assert switched(off, 3, on=True) == on_alone(ABC)


def test_a_section_takes_its_deeper_ones_along() -> None:
    off = switched(on_alone(ABC), 1, on=False)
    assert off.template == "Intro\n\n# B\nb\n\n# C\nc"
    assert [section.text for section in off.off] == ["# A\na\n\n", "## A1\none\n\n"]
    alone = switched(off, 2, on=True)
    assert titles(alone) == ["", "(A)", "A1", "B", "C"]
    assert switched(alone, 1, on=True) == on_alone(ABC)


def test_the_text_before_the_first_heading_can_be_off_too() -> None:
    off = switched(on_alone(ABC), 0, on=False)
    assert off.template.startswith("# A")
    assert switched(off, 0, on=True) == on_alone(ABC)


def test_a_place_among_sections_that_were_deleted_meanwhile_is_the_end() -> None:
    found = Arrangement(0, "# A\na", (OffSection(row=0, before=5, text="# Z\nz"),))
    assert titles(found) == ["A", "(Z)"]
    assert switched(found, 1, on=True).template == "# A\na\n# Z\nz"


@pytest.mark.parametrize(
    ("edited", "order"),
    [
        ("# X\n{}", ["X", "A", "(B)", "C"]),
        ("{}\n# X", ["A", "(B)", "C", "X"]),
        ("text\n{}", ["", "A", "(B)", "C"]),
        ("# A\na\n# C2\nc", ["A", "(B)", "C2"]),
        ("# A2\na\n# C\nc", ["A2", "(B)", "C"]),
        ("# C\nc", ["(B)", "C"]),
        ("# A\na", ["A", "(B)"]),
        ("", ["(B)"]),
        ("# A\na\n# X\n# Y\n# C\nc", ["A", "(B)", "X", "Y", "C"]),
    ],
)
def test_a_section_that_is_off_keeps_its_place_when_others_are_edited(edited: str, order: list[str]) -> None:
    off = switched(on_alone("# A\na\n# B\nb\n# C\nc"), 1, on=False)
    after = followed(Arrangement(2, edited.format(off.template), off.off), headings(off))
    assert titles(after) == order


@some
@given(arrangements(), templates)
def test_whatever_is_typed_loses_no_section_that_is_off(of: Arrangement, template: str) -> None:
    after = followed(Arrangement(2, template, of.off), headings(of))
    assert [off.text for off in after.off] == [off.text for off in of.off]
    assert sorted(off.before for off in after.off) == [off.before for off in after.off]
    assert followed(of, headings(of)) == of


@pytest.mark.parametrize("broken", ["{{#on}}\n# A\n{{/on}}\n", '# A\n{"a":\n# B\n1}', "# A\n{x\n# B\n}"])
def test_a_section_that_holds_half_of_a_tag_can_be_off(broken: str) -> None:
    for at in range(len(parts(on_alone(broken)))):
        assert switched(switched(on_alone(broken), at, on=False), at, on=True) == on_alone(broken)


@many
@given(arrangements(), st.integers(0, 8))
def test_off_and_on_again_is_the_same_text(of: Arrangement, at: int) -> None:
    before = parts(of)
    if at >= len(before) or not all(part.on for part in before[at : block_end(before, at)]):
        return
    off = switched(of, at, on=False)
    assert [part.text for part in parts(off)] == [part.text for part in before]
    assert "".join(part.text for part in parts(off) if part.on) == off.template
    assert switched(off, at, on=True) == of


@some
@given(arrangements())
def test_all_on_one_by_one_is_the_text_before_any_was_off(of: Arrangement) -> None:
    whole = "".join(part.text for part in parts(of))
    for at in range(len(parts(of))):
        try:
            of = switched(of, at, on=True)
        except OpenFence:
            assert has_fence(of)
            return
    assert (of.template, of.off) == (whole, ())


def test_a_block_moves_and_blank_lines_stay_between_sections() -> None:
    last_first = moved(on_alone(ABC), 4, 1)
    assert last_first.template == "Intro\n\n# C\nc\n\n# A\na\n\n## A1\none\n\n# B\nb"
    assert moved(last_first, 1, 5) == on_alone(ABC)
    assert titles(moved(on_alone(ABC), 1, 4)) == ["", "B", "A", "A1", "C"]


def test_places_are_where_no_deeper_section_is_taken_over() -> None:
    among = parts(on_alone(ABC))
    assert places(among, 4) == (1, 3)
    assert places(among, 1) == (4, 5)
    assert places(among, 2) == (1, 4, 5)
    assert places(among, 0) == ()
    assert moved(on_alone(ABC), 4, 2) == on_alone(ABC)
    assert moved(on_alone(ABC), 4, 0) == on_alone(ABC)


@pytest.mark.parametrize(
    ("at", "by", "to"), [(4, -1, 3), (3, -1, 1), (1, -1, None), (1, 1, 4), (3, 1, 5), (4, 1, None), (2, 1, 4)]
)
def test_a_step_goes_past_the_next_block(at: int, by: int, to: int | None) -> None:
    assert step(parts(on_alone(ABC)), at, by) == to


@some
@given(arrangements(), st.integers(0, 8), st.integers(0, 9))
def test_a_move_keeps_every_line_and_can_be_taken_back(of: Arrangement, at: int, to: int) -> None:
    before = parts(of)
    if at >= len(before) or to not in places(before, at):
        return
    end = block_end(before, at)
    try:
        after = moved(of, at, to)
    except OpenFence:
        assert has_fence(of)
        return
    wanted = [*before[:at], *before[end:]]
    now = to - (end - at) if to > at else to
    wanted[now:now] = before[at:end]
    assert [(part.title, part.level, part.on) for part in parts(after)] == [
        (part.title, part.level, part.on) for part in wanted
    ]
    assert everything(after) == everything(of)
    if not of.off:
        assert moved(after, now, at if to > at else end) == of


def test_a_fence_without_an_end_is_not_moved_before_others() -> None:
    with pytest.raises(OpenFence):
        moved(on_alone("# A\n# B\n```\n"), 1, 0)
    with pytest.raises(OpenFence):
        moved(on_alone("# A\n# B\n```\n"), 0, 2)
    with pytest.raises(OpenFence):
        extended(on_alone("# A\n```\n"), "# B")
    off = switched(on_alone("# A\n# B\n```\n"), 1, on=False)
    with pytest.raises(OpenFence):
        switched(extended(off, "# C"), 1, on=True)


def test_a_section_is_renamed_whether_on_or_off() -> None:
    assert renamed(on_alone(ABC), 3, "New  B").template == ABC.replace("# B", "# New B")
    off = renamed(switched(on_alone(ABC), 3, on=False), 3, "새 이름")
    assert switched(off, 3, on=True).template == ABC.replace("# B", "# 새 이름")
    assert renamed(on_alone(ABC), 0, "no heading") == on_alone(ABC)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "# New\nline"),
        (" \n", "# New\nline"),
        ("text", "text\n\n# New\nline"),
        ("text\n", "text\n\n# New\nline"),
        ("text\n\n\n", "text\n\n\n# New\nline"),
        ("a\r\nb", "a\r\nb\r\n\r\n# New\r\nline"),
        ("# A\r\r", "# A\r\r# New\rline"),
    ],
)
def test_a_section_is_added_behind_a_blank_line(before: str, after: str) -> None:
    assert extended(on_alone(before), "# New\nline").template == after


@some
@given(arrangements())
def test_what_is_added_stands_last_and_the_rest_stays(of: Arrangement) -> None:
    try:
        after = extended(of, "# New\nline")
    except OpenFence:
        assert has_fence(of)
        return
    assert after.template.startswith(of.template.strip() and of.template)
    assert parts(after)[-1].title == "New"
    assert everything(after) == sorted([*everything(of), "# New", "line"])
    assert [section.text for section in after.off] == [section.text for section in of.off]
