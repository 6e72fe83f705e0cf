"""Variants over HTTP: started and recorded by name; refused with a sentence, and nothing written."""

import pytest
from pydantic import JsonValue

from runs.store.filter import Filter
from tests.support.asked import branched, simulated
from tests.support.engines import items, until
from tests.support.served import Json, Served, body, error

CHAIN_OF_TWO = body(branched(simulated(), a="A", b="B"))["chain"]
ROW: JsonValue = {"role": "human", "template": "About {topic}"}
WAYS: list[JsonValue] = [
    {"name": "all on", "messages": [{"role": "system", "template": "Be brief."}, ROW]},
    {"name": "without Role", "messages": [ROW]},
]


def asked(**more: JsonValue) -> dict[str, JsonValue]:
    wire = {**body(simulated()), "mode": "batch", "variants": WAYS}
    return {**wire, "inputs": [{"topic": "rain"}, {"topic": "x" * 400}], **more}


async def test_a_record_has_an_item_for_each_input_with_each_variant(served: Served) -> None:
    answer = await served.post("/api/runs", asked())
    assert answer.status_code == 201, answer.text
    run = answer.json()["id"]
    until(lambda: served.engine.log(run).ended)
    record: Json = (await served.get(f"/api/runs/{run}")).json()
    assert [(item["input"], item["variant"]) for item in items(record)] == [
        (0, "all on"), (0, "without Role"), (1, "without Role"), (1, "all on"),
    ]  # fmt: skip
    asked_then = served.engine.request(run).variants or ()
    assert [(each.name, [row.template for row in each.messages]) for each in asked_then] == [
        ("all on", ["Be brief.", "About {topic}"]),
        ("without Role", ["About {topic}"]),
    ]
    listed: Json = (await served.get(f"/api/runs/{run}/inputs")).json()
    assert listed == {
        "inputs": [{"topic": topic} for topic in ("rain", "rain", "x" * 300, "x" * 300)],
        "variants": ["all on", "without Role", "without Role", "all on"],
    }


async def test_the_inputs_of_a_run_without_variants_are_as_before(served: Served) -> None:
    run = (await served.post("/api/runs", asked(variants=None))).json()["id"]
    given: Json = (await served.get(f"/api/runs/{run}/inputs")).json()
    assert given == {"inputs": [{"topic": "rain"}, {"topic": "x" * 300}]}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"variants": []}, "variants: Tuple should have at least 1 item"),
        ({"variants": [WAYS[0], WAYS[0]]}, "variants: two variants are named all on"),
        ({"variants": [{"name": "v", "messages": []}]}, "variants.0.messages: Tuple should have at least 1 item"),
        ({"variants": [{"name": "v", "template": "x"}]}, "variants.0.template: unknown field"),
        ({"mode": "stream", "inputs": [{"topic": "rain"}]}, "mode 'stream' takes no variants; use mode 'batch'"),
        ({"run_with": "async"}, "run_with 'async' takes no variants; use run_with 'engine'"),
        ({"chain": CHAIN_OF_TWO}, "a chain with branches takes no variants"),
        ({"inputs": [{}] * 5_001}, "5001 inputs with 2 variants are 10002 items, and a run takes at most 10000"),
    ],
)
async def test_variants_that_cannot_be_are_422_with_a_sentence(
    served: Served, more: dict[str, JsonValue], sentence: str
) -> None:
    answer = await served.post("/api/runs", asked(**more))
    found = error(answer)
    assert (answer.status_code, found["code"]) == (422, "invalid_request")
    assert sentence in str(found["message"])
    assert served.engine.find(Filter(), limit=1)[1] == 0


async def test_a_broken_variant_is_422_with_its_name_and_place(served: Served) -> None:
    broken: JsonValue = {"name": "broken", "messages": [ROW, {"role": "ai", "template": "so\n{"}]}
    answer = await served.post("/api/runs", asked(variants=[WAYS[0], broken]))
    found = error(answer)
    assert answer.status_code == 422
    assert {name: found[name] for name in ("code", "variant", "row", "line", "column")} == {
        "code": "bad_template", "variant": "broken", "row": 1, "line": 2, "column": 1,
    }  # fmt: skip
    of_the_chain = body(simulated("Tell {"))["chain"]
    assert "variant" not in str(error(await served.post("/api/runs", asked(chain=of_the_chain))))
