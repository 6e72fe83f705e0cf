"""The program that serves a chain: started as its docstring says, asked as `POST /api/chat` is."""

import asyncio
import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from httpx_sse import connect_sse
from pydantic import JsonValue

from chains.code.program import program
from chains.code.server import conversation
from chains.models.registry import providers
from chains.outcomes import Refused
from chains.spec import ChainSpec, MessageSpec, RunRequest, TemplateFormat
from server.chat import ChatRequest, to_run
from tests.support import programs
from tests.support.asked import parsed, remote, request, simulated
from tests.support.behaviours import SCRIPT, TEXTS
from tests.support.calling import ask
from tests.support.provider import Provider, serving

STARTS_WITHIN_S = 60
BODY: dict[str, JsonValue] = {
    "question": 'why {not} "so"?\n안녕',
    "chat_history": [{"role": "human", "content": "Hi {there}"}, {"role": "ai", "content": 'Hello "you"'}],
}
Row = tuple[str, str]
F_STRING: Sequence[Row] = (("system", 'Be "brief" {{x}}.'), ("human", "Well: {question}"), ("ai", "So:"))
MUSTACHE: Sequence[Row] = (("placeholder", "before"), ("system", "Be {brief}."), ("human", "Well: {{{asked}}}"))
SEVERAL: Sequence[Row] = (("system", "Be {how}."), ("human", "About {topic}: {question}"))


@dataclass(frozen=True, slots=True)
class Served:
    """Generated servers by name, and the provider that they ask."""

    urls: Mapping[str, str]
    provider: Provider

    def ask(self, name: str, body: Mapping[str, JsonValue] = BODY) -> list[str]:
        """The data of each event that answers."""
        with (
            httpx.Client(timeout=30) as client,
            connect_sse(client, "POST", f"{self.urls[name]}/chat", json=body) as answer,
        ):
            assert answer.response.headers["content-type"].startswith("text/event-stream")
            return [event.data for event in answer.iter_sse()]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """All servers of these tests, started at once."""
    folder = tmp_path_factory.mktemp("servers")
    with serving(SCRIPT) as provider, ExitStack() as stack:
        asked = {
            "good": request(_chain(provider.url, F_STRING), inputs=[{"question": "x"}]),
            "mustache": request(_chain(provider.url, MUSTACHE, "mustache"), inputs=[{"asked": "x"}]),
            "several": request(
                _chain(provider.url, SEVERAL), inputs=[{"how": "brief", "topic": "tea", "question": "x"}]
            ),
            "failing": request(_chain(provider.url, F_STRING, model="wrong-key"), inputs=[{"question": "x"}]),
            "message": request(parsed(_chain(provider.url, F_STRING), "message"), inputs=[{"question": "x"}]),
            "simulated": request(simulated("About {topic}")),
        }
        ports = {name: stack.enter_context(_started(folder / name, one)) for name, one in asked.items()}
        urls = {name: _listening(port) for name, port in ports.items()}
        yield Served(urls, provider)


@pytest.mark.parametrize("name", ["good", "message"])
def test_tokens_come_one_by_one_and_done_comes_last(served: Served, name: str) -> None:
    said = served.ask(name)
    assert [json.loads(data) for data in said[:-1]] == [{"token": text} for text in TEXTS]
    assert said[-1] == "[DONE]"


@pytest.mark.parametrize(("name", "rows", "kind"), [("good", F_STRING, "f-string"), ("mustache", MUSTACHE, "mustache")])
def test_it_sends_what_the_playground_s_own_route_sends(
    served: Served, name: str, rows: Sequence[Row], kind: TemplateFormat
) -> None:
    served.ask(name)
    by_program = served.provider.last.body
    chain = _chain(served.provider.url, rows, kind)
    run = to_run(ChatRequest.model_validate({**BODY, "chain": chain.model_dump()}))
    asyncio.run(_ask(run))
    assert by_program is not served.provider.last.body
    assert by_program == served.provider.last.body


def test_other_variables_keep_the_values_of_the_run(served: Served) -> None:
    served.ask("several")
    messages = served.provider.last.body["messages"]
    assert isinstance(messages, list)
    assert messages[0] == {"role": "system", "content": "Be brief."}
    assert messages[-1] == {"role": "user", "content": f"About tea: {BODY['question']}"}
    assert len(messages) == 4


def test_a_failure_is_an_error_and_then_done(served: Served) -> None:
    said = served.ask("failing")
    assert re.fullmatch(r'\{"error": "\w*AuthenticationError"\}', said[0])
    assert said[1:] == ["[DONE]"]


def test_a_simulated_run_is_served_with_its_text_again_and_again(served: Served) -> None:
    for _ in range(2):
        *tokens, last = served.ask("simulated", {"question": "x"})
        assert "".join(json.loads(data)["token"] for data in tokens) == "The text,\nas it  was."
        assert last == "[DONE]"


def test_a_question_without_a_character_is_refused(served: Served) -> None:
    assert httpx.post(f"{served.urls['good']}/chat", json={"question": ""}).status_code == 422


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ((("system", "Be {how}."),), "f-string"),
        ((("system", "Be {how}."), ("human", "Go.")), "f-string"),
        ((("human", "{{#many}}x{{/many}}"),), "mustache"),
    ],
)
def test_a_chain_that_no_question_fits_into_is_refused(rows: Sequence[Row], kind: TemplateFormat) -> None:
    with pytest.raises(Refused) as refused:
        conversation(_chain("http://127.0.0.1:1/v1", rows, kind))
    assert refused.value.outcome.code == "unfit_for_chat"


def test_a_variable_named_as_the_history_keeps_its_name() -> None:
    chat = conversation(_chain("http://127.0.0.1:1/v1", (("human", "{chat_history}"),)))
    assert (chat.question, chat.history) == ("chat_history", "chat_history_")


def _chain(url: str, rows: Sequence[Row], kind: TemplateFormat = "f-string", model: str = "good") -> ChainSpec:
    messages = tuple(MessageSpec.model_validate({"role": role, "template": template}) for role, template in rows)
    return remote(url, model, temperature=0.5).model_copy(update={"messages": messages, "template_format": kind})


async def _ask(run: RunRequest) -> None:
    assert (await ask(run.chain, dict(run.inputs[0]))).status == "done"


@contextmanager
def _started(folder: Path, asked: RunRequest) -> Iterator[int]:
    """The program of a run, being started; gives its port."""
    made = program(asked, providers()[asked.chain.model.provider], "server", texts=["The text,\nas it  was."])
    programs.write(folder, made.source, made.data, made.name)
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", "server:app", "--port", str(port), "--log-level", "warning"]
    with (folder / "output").open("w") as output:
        process = subprocess.Popen(command, cwd=folder, env=programs.environment(), stdout=output, stderr=output)
        try:
            yield port
        finally:
            process.terminate()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listening(port: int) -> str:
    """The address of a server, as soon as it listens."""
    until = time.perf_counter() + STARTS_WITHIN_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.perf_counter() < until, "the server does not start"
            time.sleep(0.02)
        else:
            return f"http://127.0.0.1:{port}"
