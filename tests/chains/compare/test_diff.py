"""Two texts compared: nothing is lost, what is marked is what was changed, and it is quick."""

import difflib
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains.compare.diff import Counts, Diff, Row, diff, likeness, only_left, only_right, weights
from chains.compare.edits import Steps, best, common

LIMIT_S = 0.2
TRIES = 5
PLENTY = 10**9

texts = st.text(st.sampled_from("ab \n\r{}#é👩\u200d🚀한글"), max_size=60)


def sides(found: Diff) -> tuple[str, str]:
    """Both texts, put together from the rows."""
    left = "\n".join(row.left for row in found.rows if row.left is not None)
    return left, "\n".join(row.right for row in found.rows if row.right is not None)


def unmarked(line: str, spans: tuple[tuple[int, int], ...]) -> str:
    """What of a line is not marked, without its white space."""
    kept = [character for at, character in enumerate(line) if not any(a <= at < b for a, b in spans)]
    return "".join("".join(kept).split())


def marked(line: str | None, spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [(line or "")[start:end] for start, end in spans]


@settings(max_examples=500, deadline=None)
@given(texts, texts)
def test_the_rows_hold_both_texts_whole(left: str, right: str) -> None:
    assert sides(diff(left, right)) == (left, right)


@settings(max_examples=500, deadline=None)
@given(texts, texts)
def test_what_is_not_marked_is_the_same_on_both_sides(left: str, right: str) -> None:
    for row in diff(left, right).rows:
        if row.left is not None and row.right is not None:
            assert unmarked(row.left, row.left_spans) == unmarked(row.right, row.right_spans)
            assert (row.left == row.right) == (row.kind == "same")


@settings(max_examples=300, deadline=None)
@given(texts)
def test_a_text_is_the_same_as_itself(text: str) -> None:
    found = diff(text, text)
    assert found.is_same
    assert found.counts == Counts()


@settings(max_examples=500, deadline=None)
@given(st.text("abc", max_size=12), st.text("abc", max_size=12))
def test_as_much_is_found_in_common_as_there_is(left: str, right: str) -> None:
    pairs = common(left, right, Steps(PLENTY))
    assert all(left[one] == right[other] for one, other in pairs)
    assert pairs == sorted(set(pairs))
    assert len({one for one, _ in pairs}) == len({other for _, other in pairs}) == len(pairs)
    assert len(pairs) == _longest(left, right)


def _longest(left: str, right: str) -> int:
    lengths = [0] * (len(right) + 1)
    for one in left:
        before = lengths[:]
        for n, other in enumerate(right, start=1):
            lengths[n] = before[n - 1] + 1 if one == other else max(before[n], lengths[n - 1])
    return lengths[-1]


def test_without_steps_the_ends_that_are_alike_are_still_found() -> None:
    assert common("abXcd", "abYZcd", Steps(0)) == [(0, 0), (1, 1), (3, 4), (4, 5)]


def test_the_best_pairs_stand_in_order_and_add_up_to_the_most() -> None:
    likes = {(0, 1): 0.9, (1, 0): 0.9, (1, 2): 0.5}
    assert best(2, 3, lambda one, other: likes.get((one, other), 0.0)) == [(0, 1), (1, 2)]


def test_a_word_that_was_changed_is_marked_alone() -> None:
    (row,) = diff("Tell me a joke about {topic}", "Tell me a story about {topic}").rows
    assert row.kind == "changed"
    assert marked(row.left, row.left_spans) == ["joke"]
    assert marked(row.right, row.right_spans) == ["story"]


def test_words_side_by_side_are_marked_in_one_stretch() -> None:
    (row,) = diff("one two three and more of it", "one 2 3 and more of it").rows
    assert marked(row.left, row.left_spans) == ["two three"]
    assert marked(row.right, row.right_spans) == ["2 3"]


def test_a_changed_line_is_found_behind_a_new_one() -> None:
    found = diff("# Task\nTell a joke about rain\n# End", "# Task\nBe brief.\nTell a long joke about rain\n# End")
    assert [row.kind for row in found.rows] == ["same", "added", "changed", "same"]
    assert found.counts == Counts(changed=1, added=1, added_characters=len("Be brief.") + len("long "))


def test_lines_without_anything_in_common_are_not_one_line() -> None:
    assert [row.kind for row in diff("abc def", "ghi jkl").rows] == ["removed", "added"]


@pytest.mark.parametrize("whole", ["👩\u200d🚀", "🇰🇷", "👍🏽", "e\u0301", "हिन्दी", "한국어"])
def test_what_is_seen_as_one_character_is_never_cut(whole: str) -> None:
    (row,) = diff(f"a long line {whole[0]} that stays", f"a long line {whole} that stays").rows
    assert marked(row.right, row.right_spans) == [whole]


def test_a_return_before_the_line_break_is_a_change() -> None:
    found = diff("one line\r\ntwo", "one line\ntwo")
    assert found.rows[0] == Row("one line\r", "one line", "changed", ((8, 9),), ())


def test_an_added_empty_line_is_a_line_and_no_character() -> None:
    assert diff("a\nb", "a\n\nb").counts == Counts(added=1)


def test_a_text_that_is_missing_is_not_an_empty_one() -> None:
    assert [row.kind for row in only_left("a\nb").rows] == ["removed", "removed"]
    assert [row.kind for row in only_right("").rows] == ["added"]


def test_likeness_goes_from_nothing_to_all() -> None:
    def of(left: str, right: str) -> float:
        return likeness(weights(left), weights(right))

    assert of("a b", "c d") == of("", "") == 0
    assert of("same words", "words same") == 1
    assert 0 < of("one two", "one three") < 1


def _words(count: int, seed: int) -> str:
    source = random.Random(seed)
    return " ".join(source.choice(("alpha", "beta", "gamma", "delta", "{x}", "#")) for _ in range(count))


HARD = {
    "one letter a line": ("a\n" * 25_000, "a\n" * 12_000 + "b\n" * 13_000),
    "lines in reverse": (
        "\n".join(f"{n:04}" for n in range(10_000)),
        "\n".join(f"{n:04}" for n in range(9_999, -1, -1)),
    ),
    "one line of words": (_words(9_000, 1)[:50_000], _words(9_000, 2)[:50_000]),
    "lines of words": (_words(9_000, 3)[:50_000].replace("#", "\n"), _words(9_000, 4)[:50_000].replace("#", "\n")),
    "fifty long lines": (
        "\n".join(_words(170, n) for n in range(50))[:50_000],
        "\n".join(_words(170, n + 90) for n in range(50))[:50_000],
    ),
    "letters by chance": (
        "".join(random.Random(5).choices("ab\n", k=50_000)),
        "".join(random.Random(6).choices("ab\n", k=50_000)),
    ),
    "no letter twice": ("".join(map(chr, range(0x4E00, 0x9FFF))), "".join(map(chr, range(0xAC00, 0xD7A3)))),
    "marks": ("{}" * 25_000, "}{" * 25_000),
}


@pytest.mark.parametrize("name", HARD)
def test_the_hardest_texts_of_50_000_characters_are_quick(name: str) -> None:
    left, right = HARD[name]
    took = []
    for _ in range(TRIES):
        began = time.thread_time()
        found = diff(left, right)
        took.append(time.thread_time() - began)
    assert sides(found) == (left, right)
    assert min(took) <= LIMIT_S, f"{min(took) * 1000:.0f} ms"


def test_a_small_edit_of_a_long_text_is_found_to_the_word() -> None:
    lines = [_words(20, n) for n in range(400)]
    edited = [*lines[:100], lines[100].replace("alpha", "omega", 1), *lines[101:300], "new", *lines[300:]]
    assert "alpha" in lines[100]
    found = diff("\n".join(lines), "\n".join(edited))
    assert found.counts == Counts(changed=1, added=1, added_characters=8, removed_characters=5)


def test_it_finds_as_many_equal_lines_as_the_standard_library() -> None:
    source = random.Random(7)
    left = [str(source.randrange(60)) for _ in range(200)]
    right = [str(source.randrange(60)) for _ in range(200)]
    theirs = sum(
        block.size for block in difflib.SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    )
    ours = sum(row.kind == "same" for row in diff("\n".join(left), "\n".join(right)).rows)
    assert ours >= theirs
