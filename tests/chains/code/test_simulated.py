"""Programs of simulated runs: they run without this project, with the run's messages and the run's text."""

import asyncio
import json
import runpy
from pathlib import Path

import pytest
from langchain_core.prompts import ChatPromptTemplate
from pydantic import JsonValue

from chains.code.calls import BATCHED, FORMS, STREAMED, Form
from chains.code.model import NO_TEXT
from chains.code.program import MOST_CHARACTERS, program
from chains.models.registry import providers
from chains.spec import ChainSpec, Inputs, MessageSpec, RunRequest, TemplateFormat
from chains.templates.prompt import render
from tests.support import programs
from tests.support.asked import parsed, request, simulated
from tests.support.calling import ask

CALLS: tuple[Form, ...] = tuple(form for form in FORMS if form != "server")
HISTORY: JsonValue = [["human", "안녕"]]
TOPICS: tuple[Inputs, ...] = tuple({"topic": topic, "chat_history": HISTORY} for topic in ("rain", '"salt"', "차"))
OURS = providers()["simulated"]


def test_each_form_says_what_the_run_said(tmp_path: Path) -> None:
    told = asyncio.run(_texts(_chain("f-string")))
    asked = _request("f-string")
    paths = []
    for form in CALLS:
        made = program(asked, OURS, form, texts=told, separator="|")
        assert "\nimport runs" not in made.source
        assert "import os" not in made.source
        paths.append(programs.write(tmp_path / form, made.source, made.data))
    for form, printed in zip(CALLS, programs.run(paths), strict=True):
        if form in BATCHED:
            assert printed == "".join(f"{text}\n" for text in told)
        else:
            assert printed.replace("|", "").rstrip("\n") == told[0]
        assert (printed.count("|") > 10) is (form in STREAMED)


@pytest.mark.parametrize("kind", ["f-string", "mustache"])
@pytest.mark.parametrize("form", ["invoke", "batch"])
def test_the_messages_are_those_of_the_run(
    tmp_path: Path, form: Form, kind: TemplateFormat, capsys: pytest.CaptureFixture[str]
) -> None:
    chain, asked = _chain(kind), _request(kind)
    path = programs.write(tmp_path / "one", program(asked, OURS, form, texts=["x", "y", "z"]).source, {})
    names = runpy.run_path(str(path))
    prompt, inputs = names["prompt"], names["inputs"]
    assert isinstance(prompt, ChatPromptTemplate)
    made = [prompt.invoke(each).to_messages() for each in (inputs if form == "batch" else [inputs])]
    wanted = [render(chain.messages, kind, dict(each)) for each in asked.inputs]
    assert made == (wanted if form == "batch" else wanted[:1])
    assert capsys.readouterr().out == ("x\ny\nz\n" if form == "batch" else "x\n")


def test_long_answers_stand_in_a_file() -> None:
    texts = ["x" * MOST_CHARACTERS, "", ""]
    made = program(_request("f-string"), OURS, "batch", texts=texts)
    assert json.loads(made.data["texts.json"]) == texts
    assert len(made.source) < 3_000


def test_a_run_without_a_text_has_a_program_that_says_so() -> None:
    source = program(_request("f-string"), OURS, "stream").source
    assert f'text = "{NO_TEXT}"' in source


def test_what_stands_in_for_the_model_is_said_to_be_simulated() -> None:
    for form in FORMS:
        source = program(_request("f-string"), OURS, form).source
        assert "# The run's model was simulated" in source
        assert 'ChatOpenAI(model="' in source


def test_a_json_parser_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = request(parsed(simulated(), "json"), mode="invoke")
    source = program(asked, OURS, "invoke", texts=['```json\n{"a": "안녕"}\n```']).source
    runpy.run_path(str(programs.write(tmp_path / "one", source, {})))
    assert json.loads(capsys.readouterr().out) == {"a": "안녕"}


def _chain(kind: TemplateFormat) -> ChainSpec:
    field = "{topic}" if kind == "f-string" else "{{{topic}}}"
    rows = (MessageSpec(role="placeholder", template="chat_history"), *simulated(f'Say "{field}"\n\\ {field}').messages)
    return simulated(max_tokens=40).model_copy(update={"messages": rows, "template_format": kind})


def _request(kind: TemplateFormat) -> RunRequest:
    return request(_chain(kind), mode="batch", inputs=TOPICS)


async def _texts(chain: ChainSpec) -> list[str]:
    return [(await ask(chain, dict(each))).text for each in TOPICS]
