"""Programs of a run, executed: the same on the wire as the run, and the same text. One for each form and format."""

import ast
import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pydantic import JsonValue, SecretStr

from chains.build import build
from chains.code.calls import BATCHED, FORMS, STREAMED, Form
from chains.code.program import MOST_CHARACTERS, MOST_INPUTS, Program, program
from chains.code.prompt import as_json
from chains.models.provider import Connection, Provider
from chains.models.registry import Endpoint, providers
from chains.outcomes import Refused
from chains.spec import ChainSpec, MessageSpec, Mode, ModelSpec, Parser, RunRequest, TemplateFormat
from tests.support import programs
from tests.support.behaviours import SCRIPT, answers
from tests.support.calling import Told, call
from tests.support.provider import Provider as Server
from tests.support.provider import Request, serving

CALLS: tuple[Form, ...] = tuple(form for form in FORMS if form != "server")
TEXTS = ("", "안녕", ' "two"\n', "'three'", "😀.")
JSON_TEXTS = ('{"a": [1,', ' "둘"', "]}")
TEMPLATES: dict[TemplateFormat, tuple[str, str]] = {
    "f-string": (
        '# 상황: "{how}" \\ and \\n  \n# FORMAT:\n- {{"key": \'value\'}}\n"""',
        "Tell me about {topic}, {{braces}} and 😀 \t'quotes' \"quotes\" ",
    ),
    "mustache": (
        '# 상황: "{{how}}" \\ and \\n  \n# FORMAT:\n- {"key": \'value\'}\n"""\n{{#points}}\n- {{.}}\n{{/points}}',
        "Tell me about {{{topic}}} & {{topic}}, {braces} and 😀 \t'quotes' \"quotes\" ",
    ),
}
INPUTS: dict[str, JsonValue] = {
    "topic": 'ice <cream> "and" {braces}',
    "how": "차분하게\n둘째 줄",
    "points": ["one", "two"],
    "chat_history": [{"role": "human", "content": "Hi {there}"}, ["ai", 'Hello,\n"you"']],
}
ENVIRONMENT = {"OPENAI_API_KEY": "key-of-openai", "LAB_KEY": "key-of-the-lab"}


@dataclass(frozen=True, slots=True)
class Case:
    """A run and its program, told from the others by the name of the model."""

    name: str
    form: Form
    template_format: TemplateFormat = "f-string"
    parser: Parser = "text"
    provider: str = "openai-compatible"
    parameters: tuple[tuple[str, JsonValue], ...] = ()
    texts: tuple[str, ...] = TEXTS
    long: bool = False

    def request(self, url: str) -> RunRequest:
        system, human = TEMPLATES[self.template_format]
        rows = (("system", system), ("placeholder", "chat_history"), ("human", human), ("ai", "So:"), ("human", "Go."))
        spec = ModelSpec(
            provider=self.provider,
            model=self.name,
            base_url=f"{url}/" if self.provider == "openai-compatible" else None,
            parameters=dict(self.parameters),
        )
        chain = ChainSpec(
            messages=tuple(MessageSpec.model_validate({"role": role, "template": text}) for role, text in rows),
            template_format=self.template_format,
            model=spec,
            parser=self.parser,
        )
        first = {**INPUTS, "how": "x" * MOST_CHARACTERS} if self.long else INPUTS
        more = [{**INPUTS, "topic": topic, "chat_history": None} for topic in ("초콜릿", "vanilla")]
        batch = self.form in BATCHED
        mode: Mode = "batch" if batch else "stream" if self.form in STREAMED else "invoke"
        return RunRequest(chain=chain, inputs=(first, *(more if batch else ())), mode=mode, max_concurrency=2)


_ALL: tuple[tuple[str, JsonValue], ...] = (
    ("temperature", 0.25), ("max_tokens", 9), ("top_p", 0.5), ("seed", 3), ("stop", ["\n\n", '"']),
    ("frequency_penalty", 0.5), ("presence_penalty", -1), ("reasoning_effort", "low"),
    ("chunk_timeout_s", 300), ("run_timeout_s", 60), ("max_retries", 1),
)  # fmt: skip
_ODD: tuple[tuple[str, JsonValue], ...] = (*_ALL, ("top_k", 40), ("template", {"on": True, "off": None}))
CASES = (
    *(Case(f"{form}-{kind}", form, kind) for form in CALLS for kind in TEMPLATES),
    *(Case(f"{form}-message", form, parser="message") for form in CALLS),
    *(Case(f"{form}-json", form, parser="json", texts=JSON_TEXTS) for form in CALLS),
    *(Case(f"{form}-long", form, long=True) for form in ("invoke", "abatch")),
    Case("every-parameter", "invoke", parameters=_ODD),
    Case("gpt-5-codex", "astream", parameters=_ODD),
    Case("of-the-lab", "stream", provider="lab", parameters=_ODD),
    Case("of-openai", "stream", provider="openai", parameters=_ALL),
    Case("o1-of-openai", "ainvoke", provider="openai"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Done:
    """What a case's run and its program sent and said."""

    program: Program
    printed: str
    told: Sequence[Told]
    by_run: Sequence[Request]
    by_program: Sequence[Request]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    script = {case.name: answers(case.texts) for case in CASES}
    with serving({**SCRIPT, **script}) as server:
        yield server


@pytest.fixture(scope="module")
def known(server: Server) -> dict[str, Provider]:
    """The providers, OpenAI's address being the loopback server's."""
    found = providers([Endpoint("lab", server.url, key_variable="LAB_KEY")])
    return {**found, "openai": replace(found["openai"], base_url=server.url)}


@pytest.fixture(scope="module")
def ran(server: Server, known: dict[str, Provider]) -> dict[str, list[Told]]:
    """Each case's run by the app's own chain, item by item."""
    return {case.name: asyncio.run(_run(case.request(server.url), known[case.provider])) for case in CASES}


async def _run(request: RunRequest, provider: Provider) -> list[Told]:
    connection = Connection(environment={name: SecretStr(value) for name, value in ENVIRONMENT.items()})
    chain = build(request.chain, provider, connection)
    told = [await call(chain, each, streamed=request.mode == "stream") for each in request.inputs]
    await connection.pool.aclose()
    assert [one.status for one in told] == ["done"] * len(told)
    return told


@pytest.fixture(scope="module")
def done(
    server: Server, known: dict[str, Provider], ran: dict[str, list[Told]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Done]:
    """Each case's program, executed after its run."""
    folder, before = tmp_path_factory.mktemp("programs"), len(server.requests)
    made = {
        case.name: program(case.request(server.url), known[case.provider], case.form, separator="!!") for case in CASES
    }
    paths = [programs.write(folder / name, made[name].source, made[name].data) for name in made]
    printed = dict(zip(made, programs.run(paths, **ENVIRONMENT), strict=True))
    sent = (server.requests[:before], server.requests[before:])
    by_name = [{name: [one for one in part if one.body["model"] == name] for name in made} for part in sent]
    return {name: Done(made[name], printed[name], ran[name], by_name[0][name], by_name[1][name]) for name in made}


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    found = request.param
    assert isinstance(found, Case)
    return found


def test_a_program_sends_what_the_run_sent(done: dict[str, Done], case: Case) -> None:
    one = done[case.name]
    assert len(one.by_program) == (3 if case.form in BATCHED else 1)
    bodies = [sorted(json.dumps(each.body, sort_keys=True) for each in sent) for sent in (one.by_program, one.by_run)]
    assert bodies[0] == bodies[1]
    assert {each.path for each in one.by_program} == {"/v1/chat/completions"}


def test_a_program_prints_the_text_of_the_run(done: dict[str, Done], case: Case) -> None:
    one = done[case.name]
    if case.parser == "json":
        values = [json.loads(line) for line in one.printed.splitlines()]
        assert (values if case.form in BATCHED else values[-1:]) == [json.loads(told.text) for told in one.told]
    elif case.form in STREAMED:
        assert one.printed == "".join(f"!!{chunk.text}" for chunk in one.told[0].chunks)
    else:
        assert one.printed == "".join(f"{told.text}\n" for told in one.told)


def test_a_key_is_read_from_its_own_variable_and_sent_nowhere_else(done: dict[str, Done], case: Case) -> None:
    one, key = done[case.name], {"lab": "key-of-the-lab", "openai": "key-of-openai"}.get(case.provider, "EMPTY")
    assert {each.headers["authorization"] for each in one.by_program} == {f"Bearer {key}"}
    assert "key-of" not in one.program.source


def test_what_is_long_stands_in_a_file_beside_the_program(done: dict[str, Done], case: Case) -> None:
    one = done[case.name].program
    assert list(one.data) == (["inputs.json"] if case.long else [])
    assert ("inputs.json belongs beside it." in one.source) is case.long
    assert len(one.source) < 10_000


def test_a_stream_can_be_printed_without_a_separator(server: Server, known: dict[str, Provider]) -> None:
    request = CASES[2].request(server.url)
    source = program(request, known["openai-compatible"], "stream").source
    assert source.endswith('for chunk in chain.stream(inputs):\n    print(chunk, end="", flush=True)\n')


def test_a_program_gives_up_when_the_run_would_have(server: Server, known: dict[str, Provider]) -> None:
    request = Case("x", "stream", parameters=_ALL).request(server.url)
    sources = {form: program(request, known["openai-compatible"], form).source for form in CALLS}
    for form, source in sources.items():
        assert f"timeout={300 if form in STREAMED else 60},\n    max_retries=0," in source
        assert ("stream_chunk_timeout=300" in source) is (form in STREAMED)


def test_a_batch_asks_for_as_much_at_once_as_the_run(known: dict[str, Provider]) -> None:
    request = Case("x", "batch").request("http://127.0.0.1:1/v1").model_copy(update={"max_concurrency": 7})
    for form in BATCHED:
        assert '(inputs, config={"max_concurrency": 7})' in program(request, known["openai-compatible"], form).source


def test_more_inputs_than_one_can_read_stand_in_a_file(known: dict[str, Provider]) -> None:
    request = Case("x", "batch").request("http://127.0.0.1:1/v1")
    many = request.model_copy(update={"inputs": request.inputs[:1] * (MOST_INPUTS + 1)})
    made = program(many, known["openai-compatible"], "batch")
    held = json.loads(made.data["inputs.json"])
    assert len(held) == MOST_INPUTS + 1
    assert held[0]["chat_history"][1] == {"role": "ai", "content": 'Hello,\n"you"'}


def test_inputs_that_the_run_refused_are_left_out(known: dict[str, Provider]) -> None:
    request = Case("x", "batch").request("http://127.0.0.1:1/v1")
    mixed = request.model_copy(update={"inputs": ({"topic": "x"}, *request.inputs)})
    source = program(mixed, known["openai-compatible"], "batch").source
    assert source == program(request, known["openai-compatible"], "batch").source
    with pytest.raises(Refused) as refused:
        program(request.model_copy(update={"inputs": ({"topic": "x"},)}), known["openai-compatible"], "batch")
    assert refused.value.outcome.code == "missing_variable"


def test_only_messages_and_json_go_into_a_file() -> None:
    with pytest.raises(TypeError):
        as_json([object()])


def test_every_program_is_neat(tmp_path: Path, known: dict[str, Provider]) -> None:
    kinds: list[Parser] = ["text", "message", "json"]
    for name in ("openai-compatible", "openai", "simulated"):
        for form in FORMS:
            for kind in TEMPLATES:
                for parser in kinds:
                    _write_one(tmp_path, Case("m", form, kind, parser, name), known[name])
    ruff, rules = str(Path(sys.executable).with_name("ruff")), "E,F,W,I,B,UP,SIM,C4,RET,N"
    for command in (["format", "--diff"], ["check", "--select", rules, "--ignore", "E501"]):
        done = subprocess.run(
            [ruff, *command, "--isolated", "--no-cache", str(tmp_path)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


def _write_one(folder: Path, case: Case, provider: Provider) -> None:
    request = case.request("http://127.0.0.1:1/v1")
    if case.form == "server":
        rows = request.chain.messages[:3]
        request = request.model_copy(update={"chain": request.chain.model_copy(update={"messages": rows})})
    made = program(request, provider, case.form, texts=["text of\nthe run"] * 3, separator="!!")
    ast.parse(made.source)
    number = len(list(folder.iterdir()))
    (folder / f"made_{number}.py").write_text(made.source, "utf-8")
