"""Values bound once, beside LangChain's own `partial`; and a plain text for the only variable that is left."""

import pytest
from langchain_core.messages import HumanMessage
from pydantic import JsonValue, ValidationError

from chains.build import build
from chains.calling.coercion import PlainRequest
from chains.chat import ask
from chains.code.prompt import prompt, values
from chains.models.provider import Connection
from chains.models.registry import providers
from chains.outcomes import Refused
from chains.preview import previews
from chains.spec import BranchSpec, ChainSpec, MessageSpec, ModelSpec, TemplateFormat
from chains.templates.problems import RefusedTemplate
from chains.templates.prompt import Prompt, asked
from chains.templates.prompt import build as template_of

SIMULATED = ModelSpec(provider="simulated", model="simulated")


def chain(*templates: str, partials: dict[str, JsonValue], form: TemplateFormat = "f-string") -> ChainSpec:
    """A chain of human rows."""
    rows = tuple(MessageSpec(role="human", template=template) for template in templates)
    return ChainSpec(messages=rows, partials=partials, model=SIMULATED, template_format=form)


@pytest.mark.parametrize(
    ("form", "template"), [("f-string", "{kind} {topic}"), ("mustache", "{{kind}} {{topic}}")], ids=lambda form: form
)
@pytest.mark.parametrize("inputs", [{"topic": "tea"}, {"topic": "tea", "kind": "long"}, {"topic": "tea", "kind": ""}])
def test_a_bound_value_is_merged_as_langchain_does(form: TemplateFormat, template: str, inputs: JsonValue) -> None:
    spec = chain(template, partials={"kind": "dry", "unused": 1}, form=form)
    made = Prompt.build(spec.rows, form, spec.partials)
    own = template_of(spec.rows, form).partial(kind="dry", unused=1)
    assert made.variables == ("topic",)
    assert made.render(inputs) == own.format_messages(**inputs)  # type: ignore[arg-type]


def test_a_bound_history_becomes_messages() -> None:
    rows = (MessageSpec(role="placeholder", template="past"), MessageSpec(role="human", template="{q}"))
    made = Prompt.build(rows, "f-string", {"past": [{"role": "human", "content": "Hi"}]})
    assert made.render({"q": "?"}) == [HumanMessage("Hi"), HumanMessage("?")]
    with pytest.raises(Refused) as caught:
        Prompt.build(rows, "f-string", {"past": "no list"}).render({"q": "?"})
    assert caught.value.outcome.code == "bad_history"


def test_a_bound_value_fills_every_branch() -> None:
    branches = tuple(
        BranchSpec(name=name, messages=(MessageSpec(role="human", template=f"{name} {{kind}} {{topic}}"),))
        for name in ("use", "buy")
    )
    spec = ChainSpec(messages=(), branches=branches, partials={"kind": "dry"}, model=SIMULATED)
    shown = previews(spec, {"topic": "tea"})
    assert [preview.rows for preview in shown.values()] == [(("human", "use dry tea"),), (("human", "buy dry tea"),)]
    build(spec, providers()["simulated"], Connection()).check({"topic": "tea"})


def test_a_program_binds_by_partial_and_leaves_the_name_out_of_its_inputs() -> None:
    spec = chain("{kind} {topic} {a-b}", partials={"kind": "dry", "unused": 1})
    assert 'prompt = prompt.partial(kind="dry")' in prompt(spec).code
    assert list(values(spec, [{"topic": "tea", "a-b": "x"}])[0]) == ["topic", "a-b"]
    assert values(spec, [{"topic": "tea", "a-b": "x", "kind": "long"}])[0]["kind"] == "long"
    dashed = chain("{a-b} {class}", partials={"a-b": 1, "class": "c"})
    assert 'prompt = prompt.partial(**{"a-b": 1, "class": "c"})' in prompt(dashed).code


def test_a_program_s_prompt_renders_as_ours() -> None:
    spec = chain("{kind} {topic} {a-b}", partials={"kind": "dry", "a-b": 3})
    space: dict[str, object] = {}
    exec("from langchain_core.prompts import ChatPromptTemplate\n" + prompt(spec).code, space)
    theirs = space["prompt"].invoke({"topic": "tea"}).to_messages()  # type: ignore[attr-defined]
    assert theirs == Prompt.build(spec.rows, "f-string", spec.partials).render({"topic": "tea"})


def test_a_chat_asks_for_the_variable_that_is_not_bound() -> None:
    spec = chain("{kind} {question}", partials={"kind": "dry"})
    assert ask(spec, "why?", []).inputs[0]["question"] == "why?"


def test_a_plain_text_is_the_value_of_the_only_variable_that_is_not_bound() -> None:
    spec = chain("{kind} {topic}", partials={"kind": "dry"})
    body = {"chain": spec.model_dump(), "inputs": ["tea", {"topic": "salt"}], "mode": "batch"}
    assert PlainRequest.model_validate(body).inputs == ({"topic": "tea"}, {"topic": "salt"})
    assert asked(spec) == ("topic",)


@pytest.mark.parametrize(("template", "said"), [("Tell me", "this one has none"), ("{a} and {b}", "this one has a, b")])
def test_a_plain_text_for_none_or_several_variables_is_refused_with_their_names(template: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        PlainRequest.model_validate({"chain": chain(template, partials={}).model_dump(), "inputs": ["tea"]})


def test_a_plain_text_for_a_broken_template_is_refused_with_its_place() -> None:
    with pytest.raises(RefusedTemplate):
        PlainRequest.model_validate({"chain": chain("{", partials={}).model_dump(), "inputs": ["tea"]})


@pytest.mark.parametrize("inputs", ["tea", 5, [5], [None], [["tea"]], {"topic": "tea"}])
def test_what_is_neither_text_nor_object_is_refused_as_ever(inputs: object) -> None:
    with pytest.raises(ValidationError):
        PlainRequest.model_validate({"chain": chain("{topic}", partials={}).model_dump(), "inputs": inputs})
