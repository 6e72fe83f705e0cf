"""What a prompt is run without, to tell what each of its sections does."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains.ablation.places import Depth
from chains.ablation.plan import MAX_CUTS, NOTHING_LEFT, TAG_CUT, TOO_MANY, Plan, plan
from chains.sections.arrangement import Arrangement, parts, switched
from chains.spec import MAX_TEMPLATE_CHARACTERS, MAX_VARIANT_NAME, MessageSpec, Role, TemplateFormat
from chains.templates.prompt import check
from tests.support.pictures import drawn, uri

PROMPT = "You help.\n# Role\nA cook.\n## Tone\nKind.\n# Task\nCook {dish}.\n# Format\nA list.\n"


def of(*templates: str | tuple[Role, str], template_format: TemplateFormat = "f-string", depth: Depth = "top") -> Plan:
    rows = [template if isinstance(template, tuple) else ("human", template) for template in templates]
    return plan(tuple(MessageSpec(role=role, template=text) for role, text in rows), template_format, depth)


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
    assert [(each.place.title, each.reason) for each in found.left_out] == [(f"S{MAX_CUTS}", TOO_MANY)]
    assert found.more == 1
    assert found.is_capped


def test_only_what_is_cut_counts_against_the_most() -> None:
    half, whole = "# H\n{{#on}}\n# H\n{{/on}}\n", "".join(f"# S{number}\nx\n" for number in range(MAX_CUTS))
    found = of(f"{half}{whole}", template_format="mustache")
    assert list(texts(found)) == [f"S{number}" for number in range(MAX_CUTS)]
    assert ([each.reason for each in found.left_out], found.more) == ([TAG_CUT, TAG_CUT], 0)
    assert not found.is_capped


def every(*templates: str | tuple[Role, str], template_format: TemplateFormat = "f-string") -> Plan:
    return of(*templates, template_format=template_format, depth="every")


def test_every_section_is_cut_by_itself_and_named_by_its_way() -> None:
    found = every("You help.\n# A\na\n## B\nb\n### C\nc\n## D\n# E\n")
    assert [(cut.place.part, cut.place.title, cut.messages[0].template) for cut in found.cuts] == [
        ("opening", "", "# A\na\n## B\nb\n### C\nc\n## D\n# E\n"),
        ("section", "A", "You help.\n# E\n"),
        ("body", "A", "You help.\n# A\n## B\nb\n### C\nc\n## D\n# E\n"),
        ("section", "A › B", "You help.\n# A\na\n## D\n# E\n"),
        ("body", "A › B", "You help.\n# A\na\n## B\n### C\nc\n## D\n# E\n"),
        ("section", "A › B › C", "You help.\n# A\na\n## B\nb\n## D\n# E\n"),
        ("section", "A › D", "You help.\n# A\na\n## B\nb\n### C\nc\n# E\n"),
        ("section", "E", "You help.\n# A\na\n## B\nb\n### C\nc\n## D\n"),
    ]


def test_what_is_blank_is_no_part_of_its_own() -> None:
    found = every("\n\n# A\r\n \r\n## B\r\nb\r\n# C\r\nc\r\n## D")
    assert [(cut.place.part, cut.place.title) for cut in found.cuts] == [
        ("section", "A"),
        ("section", "A › B"),
        ("section", "C"),
        ("body", "C"),
        ("section", "C › D"),
    ]
    assert found.cuts[3].messages[0].template == "\n\n# A\r\n \r\n## B\r\nb\r\n# C\r\n## D"


def test_a_section_is_switched_off_as_the_outline_does() -> None:
    template = "You help.\n# A\na\n## B\nb\n# C\nc\n## D\nd\n### E\n# F\n"
    message = Arrangement(0, template)
    switched_off = {switched(message, at, on=False).template for at in range(len(parts(message)))}
    found = {cut.messages[0].template for cut in every(template).cuts if cut.place.part != "body"}
    assert found == switched_off


def test_every_section_of_several_messages_begins_anew() -> None:
    found = every(("system", "# A\n## B\nx"), "y\n## B\nz", "plain")
    assert [(cut.place.row, cut.place.title) for cut in found.cuts] == [(0, "A"), (0, "A › B"), (1, ""), (1, "B")]


def test_nested_titles_that_stand_twice_are_told_apart() -> None:
    found = every("# A\n## B\n## B\n# A\n## B\n# A › B\n## C")
    titles = ["A", "A › B", "A › B (2)", "A (2)", "A (2) › B", "A › B (3)", "A › B (3) › C"]
    assert [cut.place.title for cut in found.cuts] == titles


def test_a_long_way_is_short() -> None:
    found = every("".join(f"{'#' * level} {level} {'long ' * 30}\n" for level in range(1, 7)) + "# Z")
    ways = [cut.place.title for cut in found.cuts]
    assert all(len(way) < MAX_VARIANT_NAME / 1.5 for way in ways)
    assert [part[0] for part in ways[5].split(" › ")] == list("123456")


@pytest.mark.parametrize(
    ("template", "deeper"),
    [
        ("# A\nx\n# B", False),
        ("\n# A\nx\n# B", False),
        ("x\n# A\n# B", True),
        ("# A\n## B\n# C", True),
        ("# A\n## B\n## C", True),
        ("plain", False),
    ],
)
@pytest.mark.parametrize("depth", ["top", "every"])
def test_it_knows_whether_there_is_more_than_the_top_sections(template: str, *, deeper: bool, depth: Depth) -> None:
    assert of(template, depth=depth).has_deeper == deeper


def test_every_section_that_cannot_be_left_out_has_its_reason() -> None:
    found = every("# A\n{{#on}}\nx\n## B\n{{/on}}\n## C", template_format="mustache")
    assert [(each.place.part, each.place.title, each.reason) for each in found.left_out] == [
        ("section", "A", NOTHING_LEFT),
        ("body", "A", TAG_CUT),
        ("section", "A › B", TAG_CUT),
    ]
    assert [cut.place.title for cut in found.cuts] == ["A › C"]


@pytest.mark.parametrize("line", ["#\n", "# a\n", "# {{#a}}{{/a}}\n", "# {{#a}}\n", "## a\n# b\n", "# a\nx\n## b\n"])
@pytest.mark.parametrize("template_format", ["f-string", "mustache"])
@pytest.mark.parametrize("depth", ["top", "every"])
def test_a_very_long_template_is_planned_soon(line: str, template_format: TemplateFormat, depth: Depth) -> None:
    """Some 50 ms of CPU where it was written, without what else the tests have in memory."""
    messages = (MessageSpec(role="human", template=line * (MAX_TEMPLATE_CHARACTERS // len(line))),)
    took = min(_planned(messages, template_format, depth) for _ in range(3))
    assert took <= 0.15


def test_the_same_prompt_is_planned_once() -> None:
    """However often a page asks, with messages that it has made anew."""
    plan.cache_clear()
    assert of("# A\n# B") is of("# A\n# B")
    assert plan.cache_info().maxsize == 4


SECTIONS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["A", "B", ""]), st.sampled_from(["", "x {v}\n", "y\n\n"])), max_size=8
)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(SECTIONS, SECTIONS, st.sampled_from(["top", "every"]))
def test_what_is_cut_is_one_stretch_and_the_rest_runs(
    one: list[tuple[int, str, str]], other: list[tuple[int, str, str]], depth: Depth
) -> None:
    templates = ["".join(f"{'#' * level} {title}\n{text}" for level, title, text in rows) for rows in (one, other)]
    messages = tuple(MessageSpec(role="human", template=text) for text in templates)
    found = plan(messages, "f-string", depth)
    places = found.places
    assert len({(place.row, place.part, place.title) for place in places}) == len(places)
    ordered = sorted(places, key=lambda place: (place.row, place.start))
    assert all(a.row < b.row or a.end <= b.start or depth == "every" for a, b in pairwise(ordered))
    for cut in found.cuts:
        assert check(cut.messages, "f-string") == ()
        whole = templates[cut.place.row]
        left = whole[: cut.place.start] + whole[cut.place.end :]
        kept = [text for row, text in enumerate(templates) if row != cut.place.row]
        assert sorted(message.template for message in cut.messages) == sorted(
            [*kept, *([left] if left.strip() else [])]
        )


def _planned(messages: tuple[MessageSpec, ...], template_format: TemplateFormat, depth: Depth) -> float:
    """Seconds of CPU."""
    plan.cache_clear()
    began = time.process_time()
    plan(messages, template_format, depth)
    return time.process_time() - began
