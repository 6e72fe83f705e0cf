"""Programs of runs with parallel branches, executed: the same on the wire as the run, and the same texts."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from itertools import product
from pathlib import Path

import pytest

from chains.build import build
from chains.calling.parallel import ParallelCall
from chains.calls import Clock
from chains.code.calls import BATCHED, FORMS, STREAMED, Form
from chains.code.program import MOST_CHARACTERS, Program, program
from chains.events import Chunk
from chains.models.provider import Connection
from chains.models.registry import providers
from chains.outcomes import Refused
from chains.spec import ChainSpec, Inputs, Parser, RunRequest
from tests.support import programs
from tests.support.asked import bare, branched, parsed, remote, request, simulated
from tests.support.behaviours import answers
from tests.support.calling import Told
from tests.support.provider import Exchange, serving
from tests.support.provider import Provider as Server

CALLS: tuple[Form, ...] = tuple(form for form in FORMS if form != "server")
PARSERS: tuple[Parser, ...] = ("text", "message", "json")
THINGS: list[Inputs] = [{"thing": "아이스크림"}, {"thing": '"salt"'}, {"thing": "c"}]
BRANCHES = {"use": 'How to use {thing}\n"now"?', "쓰임": "Buy {thing}"}
REMOTE, OURS = providers()["openai-compatible"], providers()["simulated"]

Case = tuple[Form, Parser]


async def echoes(exchange: Exchange) -> None:
    """Says the last message again, as JSON, word by word."""
    messages = exchange.request.body["messages"]
    assert isinstance(messages, list)
    said = json.dumps(messages[-1], ensure_ascii=False)
    await answers([f"{word} " for word in said.split(" ")], pause=0.001)(exchange)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving({f"{form}-{parser}": echoes for form, parser in product(CALLS, PARSERS)}) as server:
        yield server


def asked(chain: ChainSpec, form: Form) -> RunRequest:
    mode = "batch" if form in BATCHED else "stream" if form in STREAMED else "invoke"
    return request(chain, mode=mode, inputs=THINGS if form in BATCHED else THINGS[:1], max_concurrency=2)  # type: ignore[arg-type]


async def ran(request: RunRequest) -> list[dict[str, str]]:
    """What each branch of each item says when the app runs it."""
    connection, items = Connection(), []
    chain = build(request.chain, providers()[request.chain.model.provider], connection)
    for index, inputs in enumerate(request.inputs):
        told = Told()
        call = ParallelCall(chain, inputs, index, request.mode == "stream", Clock(), nullcontext)
        assert await call.run(told.tell) == "done"
        items.append({name: _said(told.chunks, name) for name in request.chain.names})
    await connection.pool.aclose()
    return items


def _said(chunks: Sequence[Chunk], name: str) -> str:
    return "".join(chunk.text for chunk in chunks if chunk.step == name)


@pytest.fixture(scope="module")
def done(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[Case, tuple[str, list[dict[str, str]], list[str], list[str]]]:
    """Of each case: what its program printed, what the run said, and what either sent."""
    folder, cases = tmp_path_factory.mktemp("programs"), list(product(CALLS, PARSERS))
    requests = {
        case: asked(
            parsed(branched(remote(server.url, f"{case[0]}-{case[1]}"), **BRANCHES), case[1]),
            case[0],
        )
        for case in cases
    }
    said = {case: asyncio.run(ran(each)) for case, each in requests.items()}
    before = len(server.requests)
    made = {case: program(requests[case], REMOTE, case[0]) for case in cases}
    paths = [programs.write(folder / "-".join(case), made[case].source, made[case].data) for case in cases]
    printed = dict(zip(cases, programs.run(paths), strict=True))

    def sent(case: Case, requests: Sequence[object]) -> list[str]:
        bodies = [each.body for each in server.requests if any(each is one for one in requests)]
        return sorted(json.dumps(body, sort_keys=True) for body in bodies if body["model"] == "-".join(case))

    parts = server.requests[:before], server.requests[before:]
    return {case: (printed[case], said[case], sent(case, parts[0]), sent(case, parts[1])) for case in cases}


@pytest.mark.parametrize("case", list(product(CALLS, PARSERS)), ids="-".join)
def test_a_program_sends_and_says_in_each_branch_what_the_run_did(
    done: Mapping[Case, tuple[str, list[dict[str, str]], list[str], list[str]]], case: Case
) -> None:
    form, parser = case
    printed, said, by_run, by_program = done[case]
    assert len(by_run) == 2 * len(said)
    assert by_program == by_run
    if form in STREAMED:
        pieces = [json.loads(line) for line in printed.splitlines()]
        if parser == "json":
            last = {name: piece[name] for piece in pieces for name in piece}
            assert last == {name: json.loads(text) for name, text in said[0].items()}
        else:
            assert {name: "".join(piece.get(name, "") for piece in pieces) for name in BRANCHES} == said[0]
    elif parser == "json":
        values = [{name: json.loads(text) for name, text in item.items()} for item in said]
        assert [json.loads(line) for line in printed.splitlines()] == values
    else:
        assert printed == "".join(f"# {name}\n\n{text}\n\n" for item in said for name, text in item.items())


@pytest.mark.parametrize("form", CALLS)
def test_a_simulated_run_s_program_says_what_the_run_said(tmp_path: Path, form: Form) -> None:
    chain = branched(simulated("Be brief about {thing}.", max_tokens=30), **BRANCHES)
    wanted = asked(chain, form)
    said = asyncio.run(ran(wanted))
    made = program(wanted, OURS, form, branches=said)
    assert "# The run's model was simulated" in made.source
    (printed,) = programs.run([programs.write(tmp_path / form, made.source, made.data)])
    if form in STREAMED:
        pieces = [json.loads(line) for line in printed.splitlines()]
        assert {name: "".join(piece.get(name, "") for piece in pieces) for name in BRANCHES} == said[0]
    else:
        assert printed == "".join(f"# {name}\n\n{text}\n\n" for item in said for name, text in item.items())


def test_the_chain_is_written_as_langchain_s_documentation_does() -> None:
    source = program(
        asked(branched(bare(remote("http://x/v1")), use="Use {thing}", buy="Buy {thing}"), "stream"), REMOTE, "stream"
    ).source
    assert 'prompt_use = ChatPromptTemplate.from_messages([("human", "Use {thing}")])\n' in source
    assert (
        "chain = RunnableParallel(\n"
        "    use=prompt_use | model | StrOutputParser(),\n"
        "    buy=prompt_buy | model | StrOutputParser(),\n"
        ")\n"
    ) in source


def test_long_values_stand_in_a_file() -> None:
    chain = branched(simulated("Be brief about {thing}."), **BRANCHES)
    long = dict.fromkeys(BRANCHES, "x" * MOST_CHARACTERS)
    made = program(asked(chain, "batch"), OURS, "batch", branches=[long] * 3)
    assert json.loads(made.data["texts.json"]) == [long] * 3
    assert len(made.source) < 3_000


def test_a_chat_takes_no_branches() -> None:
    with pytest.raises(Refused) as refused:
        program(asked(branched(simulated(), **BRANCHES), "invoke"), OURS, "server")
    assert refused.value.outcome.message == (
        "The chain cannot take a question: it has parallel branches, and a chat takes one answer."
    )


def test_every_program_is_neat(tmp_path: Path) -> None:
    for number, (form, parser) in enumerate(product(CALLS, PARSERS)):
        for chain, provider in ((remote("http://x/v1"), REMOTE), (simulated("{thing}"), OURS)):
            made: Program = program(asked(parsed(branched(chain, **BRANCHES), parser), form), provider, form)
            (tmp_path / f"made_{number}_{provider.name.replace('-', '_')}.py").write_text(made.source, "utf-8")
    ruff, rules = str(Path(sys.executable).with_name("ruff")), "E,F,W,I,B,UP,SIM,C4,RET,N"
    for command in (["format", "--diff"], ["check", "--select", rules, "--ignore", "E501"]):
        checked = subprocess.run(
            [ruff, *command, "--isolated", "--no-cache", str(tmp_path)], capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stdout
