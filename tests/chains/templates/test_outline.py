"""The outline of a template: CommonMark's headings, none inside code, and not a character lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chains.spec import MAX_TEMPLATE_CHARACTERS
from chains.templates.outline import outline, retitled
from tests.support.clock import cpu_s

many = settings(max_examples=10_000, deadline=None, derandomize=True, database=None)
some = settings(max_examples=1_500, deadline=None, derandomize=True, database=None)

LINES = [
    "# A",
    "## B ##",
    "### 형식: {x}",
    "#",
    "####### seven",
    "#hash",
    "   # three",
    "    # four",
    "\t# tab",
    "# \t tabs\t",
    "# # #",
    "# C#",
    "```",
    "````",
    "```py",
    "``` a`b",
    "~~~",
    "~~~ any `~",
    "  ```",
    "    ```",
    "text",
    "{{#on}}",
    "",
    "  ",
    "👩‍👧 \u200b",
    "\x0b\u2028# no line",
]
ENDS = ["\n", "\r\n", "\r", "\n\n"]
texts = st.one_of(
    st.lists(st.sampled_from([line + end for line in LINES for end in ENDS]), max_size=10).map("".join),
    st.lists(st.sampled_from([*LINES, *ENDS, "#", " "]), max_size=10).map("".join),
    st.text(alphabet="# `~\r\n\tab", max_size=20),
    st.text(max_size=8),
)
titles = st.one_of(
    st.sampled_from(["", "New", "C#", "a #", "#", "# ##", "  두 단어 ", "a\nb", "{x}", "\\#"]), st.text()
)


def test_a_template_is_its_sections() -> None:
    text = "You help.\n\n# Role\nA cook.\n## Tone\nCalm.\n# Format\n- one line"
    found = outline(text)
    assert [(section.level, section.title) for section in found] == [(0, ""), (1, "Role"), (2, "Tone"), (1, "Format")]
    assert [section.text for section in found] == [
        "You help.\n\n",
        "# Role\nA cook.\n",
        "## Tone\nCalm.\n",
        "# Format\n- one line",
    ]
    assert [section.tokens for section in found] == [3, 4, 4, 5]


@pytest.mark.parametrize(
    ("line", "level", "title"),
    [
        ("# A", 1, "A"),
        ("###### six", 6, "six"),
        ("   ## three spaces", 2, "three spaces"),
        ("#", 1, ""),
        ("#\ttab", 1, "tab"),
        ("# 상황: {{question}}", 1, "상황: {{question}}"),
        ("# closed ##", 1, "closed"),
        ("# C#", 1, "C#"),
        ("# # #", 1, "#"),
        ("## #", 2, ""),
    ],
)
def test_a_heading_is_commonmarks(line: str, level: int, title: str) -> None:
    assert [(section.level, section.title) for section in outline(line)] == [(level, title)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text",
        "#hash",
        "####### seven",
        "    # code",
        "\t# code",
        "a # b",
        "{{#on}}yes{{/on}}",
        "```\n# in code\n```",
        "~~~ md\n# in code\n```\n# still\n~~~",
        "````\n# in code\n```\n# still\n````",
        "```\n# never closed",
        "  ```\n# in code\n``` not closed by this\n# still",
    ],
)
def test_what_is_no_heading_opens_no_section(text: str) -> None:
    assert [section for section in outline(text) if section.level] == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_fence_ends_where_it_is_closed(end: str) -> None:
    text = end.join(["# A", "```", "# in code", "```", "# B"])
    assert [section.title for section in outline(text)] == ["A", "B"]


def test_backticks_with_one_behind_them_open_no_fence() -> None:
    assert [section.title for section in outline("``` a`b\n# A")] == ["", "A"]


@many
@given(texts)
def test_the_sections_joined_are_the_text(text: str) -> None:
    found = outline(text)
    assert "".join(section.text for section in found) == text
    assert all(text[section.start : section.end] == section.text for section in found)
    assert all(section.level for section in found[1:])
    assert all(section.text for section in found)


@some
@given(st.lists(st.sampled_from(LINES[:23]), max_size=10))
def test_the_headings_are_those_that_a_commonmark_parser_finds(lines: list[str]) -> None:
    # Its blocks may take the next line into a paragraph or a list, and read indented code by its place: none here.
    tokens = MarkdownIt("commonmark").parse("\n".join(lines))
    wanted = [
        (int(token.tag[1]), tokens[n + 1].content) for n, token in enumerate(tokens) if token.type == "heading_open"
    ]
    found = [(section.level, section.title) for section in outline("\n".join(lines)) if section.level]
    assert found == wanted


@some
@given(texts, titles)
def test_a_section_keeps_its_level_and_its_body_under_another_title(text: str, title: str) -> None:
    for section in outline(text):
        new = retitled(section.text, title)
        [again] = outline(new)
        assert again.level == section.level
        assert new.endswith(section.text.partition("\n")[2])
        assert retitled(new, again.title) == new
        if not section.level:
            assert new == section.text
        elif "#" not in title:
            assert again.title == " ".join(title.split())


@pytest.mark.parametrize(
    ("title", "kept"), [("C#", "C#"), ("C# ##", "C#"), ("a # b", "a # b"), ("#", ""), ("# ##", ""), ("\\#", "\\#")]
)
def test_a_title_cannot_close_its_own_line(title: str, kept: str) -> None:
    assert outline(retitled("# Old\ntext", title))[0].title == kept


def test_another_title_changes_nothing_else() -> None:
    assert retitled("  ##\tOld title  ##\r\n# not here", "New") == "  ##\tNew ##\r\n# not here"
    assert retitled("#\ntext", "New") == "# New\ntext"
    assert retitled("no heading", "New") == "no heading"


@pytest.mark.parametrize(
    "piece", ["#\n", "# a  ", "```\n", "~~~\n# a\n", " #", "# #", "#", "\r", "a" + " " * 3_000, "`", "# {a}\n\n"]
)
def test_the_longest_template_is_outlined_at_once(piece: str) -> None:
    text = (piece * MAX_TEMPLATE_CHARACTERS)[:MAX_TEMPLATE_CHARACTERS]
    assert cpu_s(lambda: outline(text)) < 0.2
