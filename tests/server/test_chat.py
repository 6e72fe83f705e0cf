"""`POST /api/chat`: tokens, an error on failure, `[DONE]` always last; leaving stops the model."""

import asyncio
import json
import socket
import time
from collections.abc import Sequence

import pytest
from pydantic import JsonValue

from chains.spec import ChainSpec, MessageSpec
from runs.store.filter import Filter
from tests.support.asked import remote, simulated
from tests.support.behaviours import answers
from tests.support.engines import items, until
from tests.support.provider import Provider
from tests.support.served import Json, Served, error

HISTORY: JsonValue = [{"role": "human", "content": "Hi."}, {"role": "ai", "content": "Hello!"}]


def asking(served: ChainSpec | None = None, question: str = "Why?", **more: JsonValue) -> Json:
    chain: Json = {"chain": served.model_dump(mode="json", exclude_none=True)} if served else {}
    return {"question": question, **chain, **more}


def rows(chain: ChainSpec, *messages: tuple[str, str]) -> ChainSpec:
    made = [MessageSpec.model_validate({"role": role, "template": template}) for role, template in messages]
    return chain.model_copy(update={"messages": tuple(made)})


async def answer(served: Served, wire: Json) -> list[JsonValue]:
    """The data of each event; `[DONE]` as it stands."""
    response = await served.post("/api/chat", wire)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    data = [line.removeprefix("data: ") for line in response.text.split("\n\n") if line]
    assert data.count("[DONE]") == 1
    assert data[-1] == "[DONE]"
    return [json.loads(each) for each in data[:-1]]


async def test_the_default_chain_answers_in_tokens_and_is_done_last(served: Served) -> None:
    found = await answer(served, asking(question="What is rain?"))
    assert len(found) > 5
    assert all(isinstance(each, dict) and each.keys() == {"token"} for each in found)
    (run,), _ = served.engine.find(Filter(), limit=10)
    text = items(served.engine.record(run.id))[0]["text"]
    assert "".join(str(each["token"]) for each in found if isinstance(each, dict)) == text


@pytest.mark.parametrize(("model", "tokens", "code"), [("wrong-key", [], "wrong_key"), ("cut", ["One", " two"], "cut")])
async def test_a_failure_is_an_error_after_what_came_and_done_is_last(
    served: Served, provider: Provider, model: str, tokens: Sequence[str], code: str
) -> None:
    chain = rows(remote(provider.url, model), ("human", "{q}"))
    *came, failed = await answer(served, asking(chain))
    assert came == [{"token": token} for token in tokens]
    assert isinstance(failed, dict)
    assert isinstance(failed["error"], dict)
    assert failed["error"]["code"] == code
    assert failed["error"].keys() >= {"code", "message", "hint"}


@pytest.mark.parametrize(
    ("messages", "sent"),
    [
        ([("human", "{q}")], ["Hi.", "Hello!", "Why?"]),
        ([("system", "Be brief."), ("human", "Q: {q}")], ["Be brief.", "Hi.", "Hello!", "Q: Why?"]),
        (
            [("system", "S"), ("placeholder", "past"), ("human", "H"), ("human", "{q}")],
            ["S", "Hi.", "Hello!", "H", "Why?"],
        ),
        ([("human", "First."), ("ai", "Yes."), ("human", "{q}")], ["First.", "Yes.", "Hi.", "Hello!", "Why?"]),
        ([("human", "{chat_history}")], ["Hi.", "Hello!", "Why?"]),
    ],
    ids=["no row", "after the system", "placeholder", "before the last human", "a variable of that name"],
)
async def test_the_history_goes_to_its_placeholder_or_before_the_last_human_message(
    served: Served, provider: Provider, messages: list[tuple[str, str]], sent: list[str]
) -> None:
    chain = rows(remote(provider.url), *messages)
    await answer(served, asking(chain, chat_history=HISTORY))
    body = provider.last.body["messages"]
    assert isinstance(body, list)
    assert [message["content"] for message in body if isinstance(message, dict)] == sent


@pytest.mark.parametrize(
    "messages",
    [
        [("system", "only")],
        [("human", "no variable")],
        [("human", "{a} and {b}")],
        [("system", "{a}"), ("human", "{b}")],
        [("human", "{a}"), ("human", "x")],
        [("human", "x")] * 199 + [("human", "{q}")],
    ],
    ids=["no human", "no variable", "two", "one elsewhere", "not in the last", "too many messages"],
)
async def test_a_chain_that_cannot_take_a_question_is_422(served: Served, messages: list[tuple[str, str]]) -> None:
    response = await served.post("/api/chat", asking(rows(simulated(), *messages)))
    assert (response.status_code, error(response)["code"]) == (422, "unfit_for_chat")
    assert served.engine.find(Filter(), limit=1)[1] == 0


async def test_a_broken_template_is_422_with_its_position(served: Served) -> None:
    response = await served.post("/api/chat", asking(rows(simulated(), ("system", "fine"), ("human", "{q} {"))))
    found = error(response)
    assert (response.status_code, found["code"], found["row"], found["line"]) == (422, "bad_template", 1, 1)


@pytest.mark.parametrize(
    "wire",
    [{}, {"question": ""}, {"question": "x", "surprise": 1}, {"question": "x", "chat_history": [{"role": "system"}]}],
)
async def test_a_malformed_question_is_422_and_nothing_is_kept(served: Served, wire: Json) -> None:
    response = await served.post("/api/chat", wire)
    assert (response.status_code, error(response)["code"]) == (422, "invalid_request")
    assert served.engine.find(Filter(), limit=1)[1] == 0


async def test_an_unknown_role_is_named_with_those_that_are_known(served: Served) -> None:
    history: JsonValue = [{"role": "human", "content": "Hi."}, {"role": "robot", "content": "beep"}]
    said = error(await served.post("/api/chat", asking(chat_history=history)))
    assert said["message"] == "chat_history.1.role: Input should be 'human' or 'ai'"
    assert "Correct the request's body" in str(said["hint"])
    assert served.engine.find(Filter(), limit=1)[1] == 0


@pytest.mark.parametrize("model", ["silent", "stalls", "endless"])
async def test_closing_the_connection_stops_the_model_within_300_ms(
    served: Served, provider: Provider, model: str
) -> None:
    wire = asking(rows(remote(provider.url, model), ("human", "{q}")))
    async with served.client() as client:
        async with client.stream("POST", "/api/chat", json=wire) as response:
            run = response.headers["x-run-id"]
            asked = await asyncio.to_thread(provider.wait_for, 1)
            if model != "silent":
                assert await anext(response.aiter_lines())
            began = time.perf_counter()
        assert await asyncio.to_thread(asked.closing, began) <= 0.3
    await asyncio.to_thread(until, lambda: served.engine.log(run).ended)
    assert served.engine.record(run)["status"] == "stopped"


async def test_a_client_that_leaves_before_the_first_byte_stops_the_model_too(
    served: Served, provider: Provider
) -> None:
    wire = json.dumps(asking(rows(remote(provider.url, "silent"), ("human", "{q}")))).encode()
    head = f"POST /api/chat HTTP/1.1\r\nhost: {served.host}\r\ncontent-type: application/json\r\n"
    for _ in range(10):
        with socket.create_connection((served.host.split(":")[0], int(served.host.split(":")[1]))) as client:
            client.sendall(f"{head}content-length: {len(wire)}\r\n\r\n".encode() + wire)
    await asyncio.to_thread(until, lambda: served.engine.find(Filter(), limit=20)[1] == 10)
    await asyncio.to_thread(until, lambda: served.engine.active == 0, within=5)


async def test_a_program_reads_tokens_while_they_come(served: Served) -> None:
    wire = asking(rows(simulated(tokens_per_second=100, min_tokens=50_000), ("human", "{q}")))
    async with served.client() as client, client.stream("POST", "/api/chat", json=wire) as response:
        lines = response.aiter_lines()
        assert "token" in await anext(lines)
        assert served.engine.active == 1


async def test_an_incomplete_answer_is_told_once(served: Served, provider: Provider) -> None:
    provider.script["bare"] = answers(["no finish reason"], finish=None)
    found = await answer(served, asking(rows(remote(provider.url, "bare"), ("human", "{q}"))))
    failed = [each for each in found if isinstance(each, dict) and "error" in each]
    assert len(failed) == 1
    assert "'code': 'incomplete'" in str(failed)


@pytest.mark.parametrize("code", ["stopped", "interrupted"])
async def test_an_answer_cut_short_says_so(served: Served, code: str) -> None:
    chain = rows(simulated(tokens_per_second=100, min_tokens=50_000), ("human", "{q}"))
    asked = asyncio.create_task(answer(served, asking(chain)))
    await asyncio.to_thread(until, lambda: served.engine.active == 1)
    if code == "stopped":
        served.engine.stop(served.engine.find(Filter(), limit=1)[0][0].id)
    else:
        served.engine.begin_close()
    failed = (await asked)[-1]
    assert isinstance(failed, dict)
    assert isinstance(failed["error"], dict)
    assert failed["error"]["code"] == code


async def test_the_provider_s_key_comes_in_the_header(served: Served, provider: Provider) -> None:
    chain = remote(provider.url).model_copy(update={"messages": (MessageSpec(role="human", template="{question}"),)})
    response = await served.post("/api/chat", asking(chain), x_provider_key="sk-typed-secret")
    assert "[DONE]" in response.text
    assert provider.last.headers["authorization"] == "Bearer sk-typed-secret"
    assert "sk-typed-secret" not in response.text + str(response.headers)


@pytest.mark.parametrize(("path", "wire"), [("/api/chat", asking()), ("/api/runs", {"inputs": [{"topic": "rain"}]})])
async def test_a_server_that_shuts_down_answers_503_and_starts_nothing(served: Served, path: str, wire: Json) -> None:
    chain = {} if path == "/api/chat" else {"chain": simulated().model_dump(mode="json", exclude_none=True)}
    served.engine.begin_close()
    response = await served.post(path, {**chain, **wire})
    assert (response.status_code, error(response)["code"]) == (503, "closing")
