"""Images over HTTP: refused by name, kept as they are, and in no event, list or search."""

import json

import pytest

from runs.store.filter import Filter
from tests.support.asked import remote, simulated
from tests.support.behaviours import error as error_of
from tests.support.behaviours import sends
from tests.support.engines import until
from tests.support.pictures import drawn, uri, weighing
from tests.support.provider import Provider
from tests.support.served import Json, Served, body, error

SEEN = uri(drawn())


def asked(*images: str, model: str = "simulated-vision", role: str = "human") -> Json:
    """A request whose only message holds `images`."""
    wire = body(simulated())
    chain = wire["chain"]
    assert isinstance(chain, dict)
    row: Json = {"role": role, "template": "Look at {topic}", "images": list(images)}
    return {**wire, "chain": {**chain, "messages": [row], "model": {"provider": "simulated", "model": model}}}


async def test_a_run_with_an_image_is_kept_as_it_is_and_told_without_it(served: Served) -> None:
    answer = await served.post("/api/runs", asked(SEEN))
    assert answer.status_code == 201
    run = answer.json()["id"]
    until(lambda: served.engine.has_ended(run))
    record = (await served.get(f"/api/runs/{run}")).json()
    assert record["request"]["chain"]["messages"][0]["images"] == [SEEN]
    assert "PNG of 64 × 48 pixels" in record["items"][0]["text"]
    told = (await served.get(f"/api/runs/{run}/events")).text
    listed = (await served.get(f"/api/runs/{run}/inputs")).text
    assert "base64" not in told + listed + json.dumps(record["items"])
    assert served.engine.find(Filter(text="base64"), limit=1)[1] == 0
    assert served.engine.find(Filter(text="Look at"), limit=1)[1] == 1


@pytest.mark.parametrize(
    ("images", "role", "named"),
    [
        (["https://example.com/a.png"], "human", "never fetched"),
        ([uri(b"GIF89a" + bytes(40))], "human", "no PNG, JPEG or WebP"),
        ([uri(weighing(5_000_001))], "human", "5 MB"),
        ([SEEN] * 11, "human", "images"),
        ([SEEN], "system", "only a human message"),
    ],
)
async def test_what_no_message_may_hold_is_422_by_name_and_writes_nothing(
    served: Served, images: list[str], role: str, named: str
) -> None:
    answer = await served.post("/api/runs", asked(*images, role=role))
    assert answer.status_code == 422
    assert error(answer)["code"] == "invalid_request"
    assert "messages.0.images" in str(error(answer)["message"])
    assert named in str(error(answer)["message"])
    assert images[0][-40:] not in answer.text
    assert served.engine.find(Filter(), limit=1)[1] == 0


async def test_a_model_that_cannot_see_is_422_before_the_run(served: Served) -> None:
    answer = await served.post("/api/runs", asked(SEEN, model="simulated"))
    assert answer.status_code == 422
    assert error(answer)["code"] == "no_vision"
    assert "simulated-vision" in str(error(answer)["hint"])
    assert served.engine.find(Filter(), limit=1)[1] == 0


async def test_a_server_s_error_that_repeats_the_image_is_not_told(served: Served, provider: Provider) -> None:
    provider.script["echo"] = sends(
        400, "application/json", json.dumps(error_of(f"cannot read {SEEN}", "bad")).encode()
    )
    wire = asked(SEEN)
    chain = wire["chain"]
    assert isinstance(chain, dict)
    model = remote(provider.url, "echo").model.model_dump(mode="json")
    run = (await served.post("/api/runs", {**wire, "chain": {**chain, "model": model}})).json()["id"]
    until(lambda: served.engine.has_ended(run))
    record = (await served.get(f"/api/runs/{run}")).json()
    assert record["items"][0]["status"] == "failed"
    assert SEEN[-40:] not in json.dumps(record["items"])
