"""Inputs over HTTP: a text for the only variable, and values that are bound."""

import pytest
from pydantic import JsonValue

from runs.store.filter import Filter
from tests.support.asked import simulated
from tests.support.served import Served, body, error


async def test_texts_stand_for_the_only_variable_and_the_record_holds_objects(served: Served) -> None:
    chain = simulated("A {kind} joke about {topic}").model_copy(update={"partials": {"kind": "dry"}})
    answer = await served.post("/api/runs", body(chain, inputs=["ice cream", {"topic": "tea"}], mode="batch"))
    assert answer.status_code == 201
    asked = (await served.get(f"/api/runs/{answer.json()['id']}")).json()["request"]
    assert asked["inputs"] == [{"topic": "ice cream"}, {"topic": "tea"}]
    assert asked["chain"]["partials"] == {"kind": "dry"}


@pytest.mark.parametrize(
    ("template", "inputs", "code", "named"),
    [
        ("{a} and {b}", ["tea"], "invalid_request", "a, b"),
        ("Tell me", ["tea"], "invalid_request", "none"),
        ("{", ["tea"], "bad_template", "{"),
        ("{topic}", [5], "invalid_request", "inputs.0"),
        ("{topic}", [" "], "missing_variable", "topic"),
    ],
)
async def test_what_no_text_can_stand_for_is_422_by_name_and_writes_nothing(
    served: Served, template: str, inputs: list[JsonValue], code: str, named: str
) -> None:
    answer = await served.post("/api/runs", body(simulated(template), inputs=inputs))
    assert answer.status_code == 422
    assert error(answer)["code"] == code
    assert named in str(error(answer)["message"])
    assert served.engine.find(Filter(), limit=1)[1] == 0
