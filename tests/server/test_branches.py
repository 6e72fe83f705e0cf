"""Parallel branches over HTTP: started, recorded and followed by name; refused with a sentence, and nothing written."""

import json

import pytest
from pydantic import JsonValue

from runs.store.filter import Filter
from tests.support.asked import bare, branched, request, simulated
from tests.support.engines import items, until
from tests.support.served import Json, Served, body, error

CHAIN = branched(bare(simulated()), use="Use {topic}", buy="Buy {topic}")


def parts(item: dict[str, JsonValue]) -> list[dict[str, JsonValue]]:
    """The branches of an item of a record."""
    found = item["steps"]
    assert isinstance(found, list)
    return [step for step in found if isinstance(step, dict)]


async def test_a_record_has_a_step_for_each_branch_and_events_carry_its_name(served: Served) -> None:
    answer = await served.post("/api/runs", body(CHAIN))
    assert answer.status_code == 201, answer.text
    run = answer.json()["id"]
    until(lambda: served.engine.log(run).ended)
    record: Json = (await served.get(f"/api/runs/{run}")).json()
    (item,) = items(record)
    steps = parts(item)
    assert [step["name"] for step in steps] == ["use", "buy"]
    assert item["value"] == {str(step["name"]): step["text"] for step in steps}
    lines = (await served.get(f"/api/runs/{run}/events")).text.splitlines()
    events = [json.loads(line[6:]) for line in lines if line.startswith('data: {"seq"')]
    for step in steps:
        own = [event for event in events if event.get("step") == step["name"]]
        assert (own[0]["type"], own[-1]["type"]) == ("step_started", "step_ended")
        assert "".join(event["text"] for event in own if event["type"] == "chunk") == step["text"]


async def test_a_run_without_branches_has_no_steps(served: Served) -> None:
    run = (await served.post("/api/runs", body(simulated()))).json()["id"]
    until(lambda: served.engine.log(run).ended)
    record: Json = (await served.get(f"/api/runs/{run}")).json()
    assert "steps" not in items(record)[0]
    assert "branches" not in json.dumps(record["request"])


@pytest.mark.parametrize(
    ("branches", "sentence"),
    [
        ([], "chain.branches: at least two branches are wanted, or none"),
        ([{"name": "a", "messages": []}] * 2, "chain.branches.0.messages"),
        ([{"name": "a b", "messages": [{"role": "human", "template": "x"}]}] * 2, "chain.branches.0.name: a branch is"),
        ([{"name": "a", "messages": [{"role": "human", "template": "x"}]}] * 2, "two branches are named a"),
        ([{"name": "a", "model": {}}] * 2, "chain.branches.0.model: unknown field"),
    ],
)
async def test_branches_that_cannot_be_are_422_with_a_sentence(
    served: Served, branches: list[JsonValue], sentence: str
) -> None:
    wire = body(CHAIN)
    chain = wire["chain"]
    assert isinstance(chain, dict)
    chain["branches"] = branches
    answer = await served.post("/api/runs", wire)
    found = error(answer)
    assert (answer.status_code, found["code"]) == (422, "invalid_request")
    assert sentence in str(found["message"])
    assert served.engine.find(Filter(), limit=1)[1] == 0


async def test_a_chain_of_no_message_at_all_is_still_422(served: Served) -> None:
    answer = await served.post("/api/runs", body(bare(simulated())))
    assert answer.status_code == 422
    assert "chain.messages: at least one message is wanted" in str(error(answer)["message"])


async def test_a_broken_branch_is_422_with_its_row_among_all(served: Served) -> None:
    chain = branched(simulated("Be brief."), use="Use {topic}", buy="Buy {")
    answer = await served.post("/api/runs", body(chain))
    found = error(answer)
    assert (answer.status_code, found["row"], found["line"], found["column"]) == (422, 2, 1, 5)


async def test_a_chat_refuses_branches(served: Served) -> None:
    answer = await served.post("/api/chat", {"question": "x", "chain": body(CHAIN)["chain"]})
    found = error(answer)
    assert (answer.status_code, found["code"]) == (422, "unfit_for_chat")
    assert "it has parallel branches, and a chat takes one answer" in str(found["message"])


async def test_a_run_is_found_by_the_text_of_a_branch(served: Served) -> None:
    run = served.engine.start(request(CHAIN))
    until(lambda: served.engine.log(run).ended)
    kept, count = served.engine.find(Filter(text="Buy {topic}"), limit=5)
    assert ([each.id for each in kept], count) == ([run], 1)
    assert served.engine.find(Filter(text="Sell {topic}"), limit=5)[1] == 0


@pytest.mark.parametrize("run_with", ["sync", "async"])
@pytest.mark.parametrize("mode", ["invoke", "stream", "batch"])
async def test_a_method_of_langchain_refuses_branches(served: Served, run_with: str, mode: str) -> None:
    answer = await served.post("/api/runs", {**body(CHAIN), "run_with": run_with, "mode": mode})
    found = error(answer)
    assert (answer.status_code, found["code"]) == (422, "branches_by_method")
    assert "engine" in str(found["hint"])
    assert served.engine.find(Filter(), limit=1)[1] == 0
