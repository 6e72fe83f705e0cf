"""Variants of a run as a value: which are taken, what is said of the others, and which item is whose."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue, ValidationError

from chains.images import to_uri
from chains.spec import MAX_INPUTS, MAX_VARIANTS, Mode, RunRequest
from tests.support.asked import branched, request, simulated, varied
from tests.support.pictures import weighing

TWO = {"all on": "Tell me about {topic}.", "short": "{topic}?"}


def of(rows: int, variants: int) -> RunRequest:
    return request(
        simulated(),
        mode="batch",
        inputs=[{"topic": str(row)} for row in range(rows)],
        variants={f"v{number}": f"{number}: {{topic}}" for number in range(variants)},
    )


def test_the_items_are_input_by_input_and_every_other_input_has_the_variants_backwards() -> None:
    asked = of(3, 2)
    assert asked.items == 6
    assert [(asked.input_of(item), asked.variant_of(item)) for item in range(6)] == [
        (0, 0), (0, 1), (1, 1), (1, 0), (2, 0), (2, 1),
    ]  # fmt: skip
    assert [asked.variant_name(item) for item in range(6)] == ["v0", "v1", "v1", "v0", "v0", "v1"]
    assert [asked.values_of(item)["topic"] for item in range(6)] == ["0", "0", "1", "1", "2", "2"]


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.integers(1, 12), st.integers(1, MAX_VARIANTS))
def test_every_input_has_every_variant_once(rows: int, variants: int) -> None:
    asked = of(rows, variants)
    whose = [(asked.input_of(item), asked.variant_of(item)) for item in range(asked.items)]
    assert sorted(whose) == [(row, variant) for row in range(rows) for variant in range(variants)]
    assert all(asked.item_of(row, variant or 0) == item for item, (row, variant) in enumerate(whose))


def test_without_variants_an_item_is_an_input() -> None:
    asked = request(simulated(), mode="batch", inputs=[{"topic": "a"}, {"topic": "b"}])
    assert asked.items == 2
    whose = [(asked.input_of(i), asked.variant_of(i), asked.variant_name(i), asked.item_of(i, 0)) for i in range(2)]
    assert whose == [(0, None, "", 0), (1, None, "", 1)]
    assert asked.of_variant(None) is asked
    assert "variants" not in asked.model_dump_json(exclude_none=True)


def test_the_run_of_one_variant_is_one_without_variants() -> None:
    alone = request(simulated(), mode="batch", variants=TWO).of_variant(1)
    assert alone == request(simulated("{topic}?"), mode="batch")


@pytest.mark.parametrize("mode", ["invoke", "stream"])
def test_only_a_batch_takes_variants(mode: Mode) -> None:
    with pytest.raises(ValidationError, match=f"mode '{mode}' takes no variants; use mode 'batch'"):
        request(simulated(), mode=mode, variants=TWO)


@pytest.mark.parametrize("run_with", ["sync", "async"])
def test_langchain_s_own_methods_take_no_variants(run_with: str) -> None:
    with pytest.raises(ValidationError, match=f"run_with '{run_with}' takes no variants; use run_with 'engine'"):
        RunRequest.model_validate(
            {**request(simulated(), mode="batch").model_dump(), "variants": varied(TWO), "run_with": run_with}
        )


def test_branches_and_variants_exclude_each_other() -> None:
    with pytest.raises(ValidationError, match="a chain with branches takes no variants"):
        request(branched(simulated(), a="A", b="B"), mode="batch", variants=TWO)


def test_the_items_of_all_variants_are_capped() -> None:
    half = MAX_INPUTS // 2
    assert of(half, 2).items == MAX_INPUTS
    with pytest.raises(ValidationError, match="5001 inputs with 2 variants are 10002 items, and a run takes at most"):
        of(half + 1, 2)


@pytest.mark.parametrize(
    ("variants", "sentence"),
    [
        ([], "at least 1 item"),
        ([{"name": "v", "messages": []}], "at least 1 item"),
        ([{"name": "", "messages": [{"role": "human", "template": "x"}]}], "at least 1 character"),
        ([{"name": "x" * 201, "messages": [{"role": "human", "template": "x"}]}], "at most 200 characters"),
        ([{"name": "v", "messages": [{"role": "human", "template": "x"}]}] * 2, "two variants are named v"),
        ([{"name": "v", "messages": [{"role": "human", "template": "x"}], "model": {}}], "Extra inputs"),
    ],
)
def test_other_variants_are_refused_with_a_sentence(variants: list[JsonValue], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        RunRequest.model_validate({**request(simulated(), mode="batch").model_dump(), "variants": variants})


def test_fifty_one_variants_are_too_many() -> None:
    with pytest.raises(ValidationError, match="at most 50 items"):
        of(1, MAX_VARIANTS + 1)


def test_the_images_of_all_variants_have_a_limit_together() -> None:
    row = {"role": "human", "template": "{topic}", "images": [to_uri(weighing(4_900_000))]}
    variants = [{"name": str(number), "messages": [row]} for number in range(13)]
    asked = request(simulated(), mode="batch").model_dump()
    assert RunRequest.model_validate({**asked, "variants": variants[:12]}).items == 12
    with pytest.raises(ValidationError, match="60 MB at most together"):
        RunRequest.model_validate({**asked, "variants": variants})
