"""What a prompt is run without, to tell what each of its sections does."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains.ablation.plan import MAX_CUTS, NOTHING_LEFT, TAG_CUT, TOO_MANY, Plan, plan
from chains.spec import MAX_TEMPLATE_CHARACTERS, MAX_VARIANT_NAME, MessageSpec, Role, TemplateFormat
from chains.templates.prompt import check
from tests.support.pictures import drawn, uri

PROMPT = "You help.\n# Role\nA cook.\n## Tone\nKind.\n# Task\nCook {dish}.\n# Format\nA list.\n"


def of(*templates: str | tuple[Role, str], template_format: TemplateFormat = "f-string") -> Plan:
    rows = [template if isinstance(template, tuple) else ("human", template) for template in templates]
    return plan(tuple(MessageSpec(role=role, template=text) for role, text in rows), template_format)


def texts(found: Plan) -> dict[str, list[str]]:
    return {cut.place.title: [message.template for message in cut.messages] for cut in found.cuts}


def test_each_section_with_its_deeper_ones_is_cut_in_turn() -> None:
    assert texts(of(PROMPT)) == {
        "Role": ["You help.\n# Task\nCook {dish}.\n# Format\nA list.\n"],
        "Task": ["You help.\n# Role\nA cook.\n## Tone\nKind.\n# Format\nA list.\n"],
        "Format": ["You help.\n# Role\nA cook.\n## Tone\nKind.\n# Task\nCook {dish}.\n"],
    }


def test_a_deeper_heading_before_any_higher_one_is_a_section_of_its_own() -> None:
    assert list(texts(of("## Deep\na\n# High\nb\n## Below\nc"))) == ["Deep", "High"]


def test_a_prompt_that_is_one_section_is_cut_inside_it() -> None:
    assert texts(of("# All\nIntro\n## A\n1\n### A1\n2\n## B\n3\n")) == {
        "A": ["# All\nIntro\n## B\n3\n"],
        "B": ["# All\nIntro\n## A\n1\n### A1\n2\n"],
    }
    assert list(texts(of("Before\n# All\n## Only\nx"))) == ["All"]
    assert list(texts(of("# One\n## A\n## B", "# Two\nx"))) == ["One", "Two"]


def test_a_prompt_without_headings_has_nothing_to_cut() -> None:
    assert of("Tell me about {topic}.", "```\n# comment\n```") == Plan()
    assert of(("placeholder", "history"), "# A\nb", "c").left_out == ()


def test_a_message_of_which_nothing_is_left_is_left_out() -> None:
    found = of(("system", "\n# Role\nA cook."), ("placeholder", "history"), "Cook {dish}.")
    assert [message.role for message in found.cuts[0].messages] == ["placeholder", "human"]
    assert not found.in_several_messages


def test_a_message_keeps_its_images_when_all_of_its_text_is_left_out() -> None:
    picture = uri(drawn())
    (cut,) = plan((MessageSpec(role="human", template="# Look\nWhat is it?", images=(picture,)),), "f-string").cuts
    assert [(message.template, message.images) for message in cut.messages] == [("", (picture,))]


def test_the_last_of_all_text_is_not_cut() -> None:
    found = of(("placeholder", "history"), "\n\n# Only\ntext")
    assert found.cuts == ()
    assert [(each.place.title, each.reason) for each in found.left_out] == [("Only", NOTHING_LEFT)]


@pytest.mark.parametrize(
    ("template", "cut", "left_out"),
    [
        ("# A\n{{#on}}\n# B\n{{/on}}\n# C\nx", ["C"], ["A", "B"]),
        ("# A\n{{#on}}x{{/on}}\n# B\n{{^on}}y{{/on}}", ["A", "B"], []),
        ("{{#on}}\n# A\nx\n# B\ny\n{{/on}}", ["A"], ["B"]),
        ("# A\nx {{! a note\n# B\n}} y\n# C\nz", ["C"], ["A", "B"]),
        ("{{#a}}\n# A\n{{/a}}{{#a}}\n# B\n{{/a}}", [], ["A", "B"]),
    ],
)
def test_a_section_that_holds_half_of_a_mustache_section_is_not_cut(
    template: str, cut: list[str], left_out: list[str]
) -> None:
    found = of(template, template_format="mustache")
    assert list(texts(found)) == cut
    assert [(each.place.title, each.reason) for each in found.left_out] == [(title, TAG_CUT) for title in left_out]
    assert all(check(each.messages, "mustache") == () for each in found.cuts)


def test_titles_that_stand_twice_are_told_apart() -> None:
    found = of("# A\n1\n# A (2)\n2\n# A\n3\n# A\n4\n#\n5\n#\n6")
    assert list(texts(found)) == ["A", "A (2)", "A (3)", "A (4)", "#", "# (2)"]


def test_several_messages_with_sections_may_share_a_title() -> None:
    found = of(("system", "# A\n1\n# B\n2"), "# A\n3\n# C\n4")
    assert [(cut.place.row, cut.place.title) for cut in found.cuts] == [(0, "A"), (0, "B"), (1, "A"), (1, "C")]
    assert found.in_several_messages


def test_a_title_is_short_and_hides_nothing_that_reorders() -> None:
    (long, hidden) = of(f"x\n# {'long ' * 100}\n# a\u202eb\u200dc\n").cuts
    assert len(long.place.title) < MAX_VARIANT_NAME / 1.5
    assert long.place.title.endswith("…")
    assert hidden.place.title == "aU+202EbU+200Dc"


def test_more_sections_than_a_run_takes_are_named() -> None:
    found = of("".join(f"# S{number}\nx\n" for number in range(MAX_CUTS + 2)))
    assert len(found.cuts) == MAX_CUTS
    assert [(each.place.title, each.reason) for each in found.left_out] == [
        (f"S{MAX_CUTS}", TOO_MANY),
        (f"S{MAX_CUTS + 1}", TOO_MANY),
    ]


@pytest.mark.parametrize("line", ["# a\n", "# {{#a}}{{/a}}\n", "## a\n# b\n"])
@pytest.mark.parametrize("template_format", ["f-string", "mustache"])
def test_a_very_long_template_is_planned_soon(line: str, template_format: TemplateFormat) -> None:
    messages = (MessageSpec(role="human", template=line * (MAX_TEMPLATE_CHARACTERS // len(line))),)
    took = min(_planned(messages, template_format) for _ in range(3))
    assert took <= 0.5


SECTIONS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["A", "B", ""]), st.sampled_from(["", "x {v}\n", "y\n\n"])), max_size=8
)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(SECTIONS, SECTIONS)
def test_what_is_cut_is_one_stretch_and_the_rest_runs(
    one: list[tuple[int, str, str]], other: list[tuple[int, str, str]]
) -> None:
    templates = ["".join(f"{'#' * level} {title}\n{text}" for level, title, text in rows) for rows in (one, other)]
    messages = tuple(MessageSpec(role="human", template=text) for text in templates)
    found = plan(messages, "f-string")
    places = found.places
    assert len({(place.row, place.title) for place in places}) == len(places)
    ordered = sorted(places, key=lambda place: (place.row, place.start))
    assert all(a.row < b.row or a.end <= b.start for a, b in pairwise(ordered))
    for cut in found.cuts:
        assert check(cut.messages, "f-string") == ()
        whole = templates[cut.place.row]
        left = whole[: cut.place.start] + whole[cut.place.end :]
        kept = [text for row, text in enumerate(templates) if row != cut.place.row]
        assert sorted(message.template for message in cut.messages) == sorted(
            [*kept, *([left] if left.strip() else [])]
        )


def _planned(messages: tuple[MessageSpec, ...], template_format: TemplateFormat) -> float:
    plan.cache_clear()
    began = time.perf_counter()
    plan(messages, template_format)
    return time.perf_counter() - began
