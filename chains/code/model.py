"""The model of a program: `ChatOpenAI` as the run used it, or for a simulated run its answers once more.

The simulated model is a part of this project and nothing that another program can import. What runs anywhere is
LangChain's own fake, which gives the run's text; in a batch, whose calls overtake one another, a function that knows
which prompt had which answer.
"""

from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue

from chains.build import split_limits
from chains.code.literals import Node, assigned, call, literal, quoted, text
from chains.code.parts import Part, needs
from chains.models.parameters import SENT_AS_THEY_ARE
from chains.models.provider import NO_KEY, Provider
from chains.spec import ModelSpec

KEY_VARIABLE: Final = "OPENAI_COMPATIBLE_API_KEY"
"""Where a program looks for the key of a server that names no variable of its own."""
GAP_S: Final = 120
"""`ChatOpenAI` gives up by itself when a stream pauses for longer, unless it is told otherwise."""
NO_TEXT: Final = "(the run gave no text)"

_USAGE_NOTE: Final = "Leave stream_usage out if the server refuses stream_options."
REPLAYED: Final = """\
# The run's model was simulated, so this one only says what the run said.
# For a real answer put a model in its place, for example
# ChatOpenAI(model="gpt-4.1-mini"), which is in langchain-openai."""
_ANSWERS: Final = """\
known = {
    prompt.invoke(each).to_string(): text
    for each, text in zip(inputs, texts, strict=True)
}
model = RunnableLambda(lambda asked: AIMessage(known[asked.to_string()]))"""


def chat_openai(spec: ModelSpec, provider: Provider, *, streamed: bool) -> Part:
    """`model = ChatOpenAI(…)` with the address, the limits and the parameters of the run; its key is a variable's.

    Raises RefusedModel for limits that are none.
    """
    limits, parameters = split_limits(spec.parameters)
    # A plain timeout counts from chunk to chunk in a stream, and up to the whole answer without one.
    wait_s = limits.chunk_s if streamed else limits.run_s
    named: dict[str, Node] = {
        "model": quoted(spec.model.strip()),
        "base_url": quoted(provider.base_url or (spec.base_url or "").strip().rstrip("/")),
        "api_key": _key(provider),
        "timeout": f"{wait_s:g}",
        "max_retries": "0",
        "use_responses_api": "False",
    }
    if streamed:
        named["stream_usage"] = "True"
        if wait_s > GAP_S:
            named["stream_chunk_timeout"] = f"{wait_s:g}"
    named |= _parameters(parameters, own=provider.name == "openai")
    imports = needs(("os", ""), ("langchain_openai", "ChatOpenAI"))
    notes = (_key_note(provider), *([_USAGE_NOTE] if streamed and provider.name != "openai" else []))
    return Part(assigned("model", call("ChatOpenAI", **named)), imports, notes)


def replayed(answer: str) -> Part:
    """`model = GenericFakeChatModel(…)`, which gives `answer` to everything, word by word."""
    imports = needs(("itertools", "repeat"), ("langchain_core.language_models", "GenericFakeChatModel"))
    said = assigned("text", text(answer or NO_TEXT))
    return Part(f"{REPLAYED}\n{said}\nmodel = GenericFakeChatModel(messages=repeat(text))", imports)


def replayed_batch() -> Part:
    """`model`, a function that finds each prompt's answer: it needs `inputs` and their `texts`."""
    imports = needs(("langchain_core.messages", "AIMessage"), ("langchain_core.runnables", "RunnableLambda"))
    return Part(f"{REPLAYED}\n{_ANSWERS}", imports)


def _parameters(parameters: Mapping[str, JsonValue], *, own: bool) -> dict[str, Node]:
    """Those that `ChatOpenAI` sends as they are under their names, the others in the body beside them.

    It sends `max_tokens` to every server as `max_completion_tokens`, which is right for OpenAI alone.
    """
    direct = SENT_AS_THEY_ARE | {"max_tokens"} if own else SENT_AS_THEY_ARE
    named = {name: literal(value) for name, value in parameters.items() if name in direct}
    extra = {name: value for name, value in parameters.items() if name not in direct}
    return named | ({"extra_body": literal(extra)} if extra else {})


def _key(provider: Provider) -> str:
    if provider.key_variable:
        return f"os.environ[{quoted(provider.key_variable)}]"
    return f"os.environ.get({quoted(KEY_VARIABLE)}, {quoted(NO_KEY.get_secret_value())})"


def _key_note(provider: Provider) -> str:
    if provider.key_variable:
        return f"The key is read from the environment variable {quoted(provider.key_variable)[1:-1]}."
    return f"A key, if the server wants one, is read from {KEY_VARIABLE}."
