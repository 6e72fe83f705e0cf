"""The prompt of a program, its output parser, and the values for its variables."""

import json
from collections.abc import Mapping, Sequence
from keyword import iskeyword
from typing import Final

from langchain_core.messages import BaseMessage
from pydantic import JsonValue

from chains.code.literals import Group, assigned, call, literal, mapping, quoted, text
from chains.code.parts import Part, needs
from chains.outcomes import Refused
from chains.spec import ChainSpec, Inputs, MessageSpec, Parser
from chains.templates.prompt import Prompt

PROMPTS: Final = "langchain_core.prompts"
PARSERS: Final[Mapping[Parser, str]] = {"text": "StrOutputParser", "json": "JsonOutputParser"}


def images(chain: ChainSpec) -> list[str]:
    """The images of all rows, each once, as `images[0]` and so on stand for them in a program."""
    return list(dict.fromkeys(uri for row in chain.rows for uri in row.images))


def prompt(chain: ChainSpec, name: str = "prompt", pictures: Sequence[str] = ()) -> Part:
    """`prompt = ChatPromptTemplate.from_messages([…])`, under this name; `pictures` are the program's `images`."""
    rows = Group("[", tuple(("", _row(message, pictures)) for message in chain.messages), "]")
    named = {} if chain.template_format == "f-string" else {"template_format": quoted(chain.template_format)}
    names = ["ChatPromptTemplate"]
    if any(message.role == "placeholder" for message in chain.messages):
        names.append("MessagesPlaceholder")
    made = call("ChatPromptTemplate.from_messages", rows, **named)
    bound = Prompt.build(chain.messages, chain.template_format, chain.partials).bound()
    code = f"{assigned(name, made)}\n{_partial(name, bound)}" if bound else assigned(name, made)
    return Part(code, needs(*((PROMPTS, name) for name in names), *_kinds(list(bound.values()))))


def pipe(parser: Parser) -> Part:
    """`chain = prompt | model | parser`."""
    code, imports = piped("prompt", "model", parser)
    return Part(f"chain = {code}", imports)


def piped(prompt: str, model: str, parser: Parser) -> tuple[str, frozenset[tuple[str, str]]]:
    """`prompt | model | parser`, and what it imports."""
    if parser not in PARSERS:
        return f"{prompt} | {model}", needs()
    name = PARSERS[parser]
    return f"{prompt} | {model} | {name}()", needs(("langchain_core.output_parsers", name))


def values(chain: ChainSpec, inputs: Sequence[Inputs]) -> dict[int, dict[str, object]]:
    """What the prompts take of each of the `inputs`, by index, histories as messages; not what is bound.

    Inputs that a run refuses are left out. Raises Refused when it refuses them all, and RefusedTemplate.
    """
    chains = chain.parted().values() or (chain,)
    built = [Prompt.build(each.messages, each.template_format, each.partials) for each in chains]
    found, refusals = {}, []
    for index, each in enumerate(inputs):
        try:
            taken = {name: value for prompt in built for name, value in prompt.values(each).items()}
            found[index] = _in_order({name: taken[name] for name in taken if _is_input(name, chain, each)}, each)
        except Refused as refused:
            refusals.append(refused)
    if not found:
        raise refusals[0]
    return found


def given(name: str, value: object) -> Part:
    """`name = value`, as a literal."""
    return Part(assigned(name, literal(value)), needs(*_kinds(value)))


def loaded(name: str, file: str) -> Part:
    """`name` read from a JSON file beside the program."""
    code = f'{name} = json.loads(Path(__file__).with_name({quoted(file)}).read_text("utf-8"))'
    return Part(code, needs(("json", ""), ("pathlib", "Path")), (f"{file} belongs beside it.",))


def as_json(value: object) -> str:
    """`value` as such a file holds it: messages as role and content, which LangChain reads too."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=_message)


def _row(message: MessageSpec, pictures: Sequence[str]) -> Group:
    if message.role == "placeholder":
        return call("MessagesPlaceholder", quoted(message.template), optional="True")
    if message.images:
        said = [mapping({"type": quoted("text"), "text": text(message.template)})] if message.template else []
        shown = [
            mapping({"type": quoted("image_url"), "image_url": mapping({"url": f"images[{pictures.index(uri)}]"})})
            for uri in message.images
        ]
        return call("", quoted(message.role), Group("[", tuple(("", block) for block in (*said, *shown)), "]"))
    return call("", quoted(message.role), text(message.template))


def _partial(prompt: str, bound: Mapping[str, object]) -> str:
    """`prompt = prompt.partial(topic="ice cream")`; what Python takes for no argument's name stands in a dict."""
    named = {name: literal(value) for name, value in bound.items()}
    if all(name.isidentifier() and not iskeyword(name) for name in named):
        return assigned(prompt, call(f"{prompt}.partial", **named))
    return assigned(prompt, Group(f"{prompt}.partial(", (("**", mapping(named)),), ")"))


def _is_input(name: str, chain: ChainSpec, inputs: Inputs) -> bool:
    return name in inputs or name not in chain.partials


def _kinds(value: object) -> list[tuple[str, str]]:
    """The classes of the messages in `value`, for its imports."""
    return [("langchain_core.messages", kind) for kind in {type(message).__name__ for message in _messages(value)}]


def _in_order(taken: Mapping[str, object], inputs: Inputs) -> dict[str, object]:
    """What was `taken` of the inputs, in their order."""
    return {name: taken[name] for name in dict.fromkeys([*inputs, *taken]) if name in taken}


def _messages(value: object) -> list[BaseMessage]:
    """The messages in `value`: they stand in the list of a variable, of one input or of many."""
    level = [value]
    for _ in range(3):
        level = [part for held in level for part in _held(held)]
    return [part for part in level if isinstance(part, BaseMessage)]


def _held(value: object) -> Sequence[object]:
    match value:
        case dict():
            return list(value.values())
        case list():
            return value
    return [value]


def _message(message: object) -> dict[str, JsonValue]:
    if not isinstance(message, BaseMessage):
        raise TypeError(f"{type(message).__name__} has no JSON")
    return {"role": message.type, "content": str(message.content)}
