"""A question and its history fill any chain whose only variable takes the question."""

import pytest
from pydantic import ValidationError

from chains.chat import DEFAULT_CHAIN, Message, ask
from chains.outcomes import Refused
from chains.spec import ChainSpec, MessageSpec
from chains.templates.problems import RefusedTemplate
from tests.support.asked import simulated

SAID = [Message(role="human", content="Hi."), Message(role="ai", content="Hello!")]
AS_VALUE = [{"role": "human", "content": "Hi."}, {"role": "ai", "content": "Hello!"}]


def chain(*messages: tuple[str, str]) -> ChainSpec:
    rows = tuple(MessageSpec.model_validate({"role": role, "template": template}) for role, template in messages)
    return simulated().model_copy(update={"messages": rows})


def test_the_history_fills_the_placeholder_row() -> None:
    asked = ask(chain(("system", "S"), ("placeholder", "past"), ("human", "Q: {q}")), "Why?", SAID)
    assert asked.inputs == ({"q": "Why?", "past": AS_VALUE},)
    assert [row.role for row in asked.chain.messages] == ["system", "placeholder", "human"]
    assert asked.mode == "stream"


def test_without_a_placeholder_row_the_history_goes_before_the_last_human_message() -> None:
    asked = ask(chain(("system", "S"), ("human", "First."), ("ai", "Yes."), ("human", "{q}")), "Why?", SAID)
    assert [row.role for row in asked.chain.messages] == ["system", "human", "ai", "placeholder", "human"]
    assert asked.inputs == ({"q": "Why?", "chat_history": AS_VALUE},)


def test_the_default_chain_takes_a_question() -> None:
    assert ask(DEFAULT_CHAIN, "Why?", ()).inputs == ({"question": "Why?", "chat_history": []},)


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ([("system", "only")], "the chain has no human message for the question"),
        ([("human", "fixed")], "the chain has none"),
        ([("human", "{a} and {b}")], "the chain's variables are: a, b"),
    ],
)
def test_a_chain_that_takes_no_question_says_why_and_what_to_do(messages: list[tuple[str, str]], said: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(chain(*messages), "Why?", ())
    assert said in refused.value.outcome.message
    assert "Leave one variable, in the last human message" in refused.value.outcome.hint


def test_a_broken_template_is_refused_with_its_place() -> None:
    with pytest.raises(RefusedTemplate) as refused:
        ask(chain(("human", "{q} {")), "Why?", ())
    assert refused.value.problems[0].column == 5


def test_a_message_has_a_known_role() -> None:
    with pytest.raises(ValidationError, match="'human' or 'ai'"):
        Message.model_validate({"role": "robot", "content": "beep"})
