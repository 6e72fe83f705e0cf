"""Variants compared: figures by hand, and sentences that say no more than the answers show."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chains.ablation.results import Answer, Standing, alike, beyond_chance, standings
from chains.ablation.verdicts import of_all, of_chance, of_one, repeated
from chains.figures.verdicts import Verdict
from chains.spec import RunRequest
from chains.words import fill
from tests.support.asked import request, simulated

WHOLE = "# Role\nA cook.\n# Task\nCook {topic}."
WAYS = {"all on": WHOLE, "all on, again": WHOLE, "without Role": "# Task\nCook {topic}."}


def asked(inputs: int, ways: Mapping[str, str] = WAYS) -> RunRequest:
    topics = [{"topic": f"dish {row}"} for row in range(inputs)]
    return request(simulated(WHOLE), mode="batch", inputs=topics, variants=ways)


def came(of: RunRequest, texts: Sequence[Sequence[str | None]]) -> dict[int, Answer]:
    """Answers by item: a row of texts a variant, a text an input."""
    return {
        of.item_of(row, variant): Answer(text)
        for variant, answers in enumerate(texts)
        for row, text in enumerate(answers)
        if text is not None
    }


def stood(texts: Sequence[Sequence[str | None]], ways: Mapping[str, str] = WAYS) -> tuple[Standing, ...]:
    of = asked(len(texts[0]), ways)
    return standings(of, came(of, texts))


def said(verdicts: Sequence[Verdict]) -> str:
    return " ".join(
        fill(
            verdict.one if verdict.other is None or verdict.count == 1 else verdict.other,
            {"count": str(verdict.count), **verdict.values},
        )
        for verdict in verdicts
    )


def of_without_role(texts: Sequence[Sequence[str | None]], ways: Mapping[str, str] = WAYS) -> str:
    found = stood(texts, ways)
    return said(of_one(found[0], found[-1], repeated(found)))


def test_figures_are_medians_over_the_answers_that_are_there() -> None:
    of = asked(3)
    answers = {
        of.item_of(row, variant): Answer(
            "x" * (10 * variant + row), tokens=5 + row, prompt_tokens=40 - 10 * (variant == 2) - row,
            ttft_ms=100.0 * (row + 1), e2e_ms=1_000.0 * (variant + 1),
        )
        for row in range(3)
        for variant in range(3)
        if (row, variant) != (2, 2)
    }  # fmt: skip
    whole, again, without = standings(of, answers)
    assert (whole.characters, whole.tokens, whole.ttft_ms, whole.e2e_ms) == (1, 6, 200.0, 1_000.0)
    assert (whole.prompt_tokens, whole.saved, whole.prompt_estimated) == (39, None, False)
    assert (again.repeats, again.saved, again.done, again.inputs) == (True, 0, 3, 3)
    assert (without.repeats, without.saved, without.done, without.pairs) == (False, 10, 2, 2)
    assert (without.prompt_tokens, without.ttft_ms) == (29.5, 150.0)


def test_prompt_tokens_are_estimated_for_all_where_one_answer_has_none() -> None:
    of = asked(2)
    answers = came(of, [["a", "b"]] * 3)
    answers[0] = Answer("a", prompt_tokens=7)
    whole, _again, without = standings(of, answers)
    assert whole.prompt_estimated
    assert whole.prompt_tokens is not None
    assert without.prompt_tokens is not None
    assert without.saved == whole.prompt_tokens - without.prompt_tokens
    assert 3 <= without.saved <= 5


def test_a_comparison_is_paired_by_input_in_whatever_order_the_items_ran() -> None:
    found = stood([["rain", "snow", "fog"], ["rain", "fog", "fog"], ["rain", None, "hail"]])
    assert found[1].alike == {0: 1.0, 1: 0.0, 2: 1.0}
    assert found[2].alike == {0: 1.0, 2: 0.0}
    assert (found[1].same, found[2].same, found[2].pairs) == (2, 1, 2)


@settings(deadline=None, derandomize=True)
@given(st.text(), st.text())
def test_only_the_same_text_is_all_alike(one: str, other: str) -> None:
    assert (alike(one, other) == 1.0) == (one == other)
    assert 0 <= alike(one, other) == alike(other, one) <= 1


def test_half_of_the_words_are_half_alike() -> None:
    assert alike("aaaa bbbb", "aaaa cccc") == pytest.approx(0.5)
    assert alike("a b", "a  b") == 0.99


def test_the_same_answers_say_that_the_section_did_nothing_here() -> None:
    text = of_without_role([["a", "b"], ["a", "b"], ["a", "b"]])
    assert text == "All 2 answers are those of all on, to the letter. 4 prompt tokens less."
    assert of_without_role([["a"], ["a"], ["a"]]).startswith("The answer is that of all on, to the letter.")


def test_a_longer_prompt_is_said_to_be_longer() -> None:
    found = stood([["a"], ["b"]], {"short": "Cook {topic}.", "long": "Cook {topic} for a whole family of six."})
    assert said(of_one(found[0], found[1], None)) == "The answer is 0 % like that of short. 7 prompt tokens more."


def test_without_a_repeated_prompt_a_difference_may_be_chance() -> None:
    ways = {name: text for name, text in WAYS.items() if name != "all on, again"}
    found = stood([["a b"], ["a c"]], ways)
    doubt = of_chance(found)
    assert doubt is not None
    assert said([doubt]).startswith("It may all be chance: all on ran once an input")
    assert of_chance(stood([["a b"], ["a c"], ["a c"]])) is None
    assert of_chance(stood([["a b"], ["a b"]], ways)) is None
    assert of_chance(stood([["a b"], [None]], ways)) is None


def test_a_prompt_that_repeats_itself_leaves_nothing_to_chance() -> None:
    text = of_without_role([["a", "b"], ["a", "b"], ["c", "b"]])
    assert text == "The 2 answers are 50 % like those of all on, in the median. 4 prompt tokens less."


def test_fewer_than_six_inputs_tell_no_difference_from_chance() -> None:
    text = of_without_role([["a b"] * 5, ["a c"] * 5, ["c d"] * 5])
    assert "The same prompt twice is 50 % alike; 5 inputs are too few to tell that from chance (6 at least)." in text
    assert "more than chance" not in text


def test_six_inputs_may_show_a_difference_beyond_chance() -> None:
    text = of_without_role([["a b"] * 6, ["a c"] * 6, ["c d"] * 6])
    assert "That is more than chance: the same prompt twice is 50 % to 50 % more alike (95 %, n = 6)." in text


def test_as_much_as_two_answers_of_one_prompt_differ_shows_nothing() -> None:
    text = of_without_role([["a b"] * 6, ["a c"] * 6, ["a d"] * 3 + ["a b"] * 3])
    assert "No difference shown: the same prompt twice is 50 % alike (n = 6)." in text
    found = stood([["a b"] * 6, ["a c"] * 6, ["a d"] * 6])
    assert beyond_chance(found[2], found[1]).value == 0


def test_one_input_that_says_otherwise_leaves_six_undecided() -> None:
    text = of_without_role([["a b"] * 6, ["a c"] * 6, ["c d"] * 5 + ["a b"]])
    assert "No difference shown" in text


def test_the_repeated_prompt_says_how_much_is_chance() -> None:
    found = stood([["a b"], ["a c"], ["a b"]])
    assert "So much differs by chance." in said(of_one(found[0], found[1], found[1]))
    same = stood([["a"], ["a"], ["a"]])
    assert "gave the same answer again" in said(of_one(same[0], same[1], same[1]))


def test_nothing_to_compare_is_said() -> None:
    found = stood([[None, None], ["a", "b"], ["a", "b"]])
    assert "nothing to compare" in said(of_one(found[0], found[2], repeated(found)))
    assert repeated(found) is None
    assert "nothing to compare with all on" in said([of_all(found)])
    assert found[0].likeness is None


def test_the_headline_names_the_furthest_and_the_nearest() -> None:
    ways = {**WAYS, "without Task": "# Role\nA cook."}
    found = stood([["a b"], ["a b"], ["a b"], ["c d"]], ways)
    assert said([of_all(found)]) == (
        "Least like the answers of all on: without Task (0 % alike). Most like them: without Role (100 %)."
    )
    one = stood([["a b"], ["a b"], ["a c"]])
    assert said([of_all(one)]) == "Answers compared with those of all on: without Role 50 % alike."
