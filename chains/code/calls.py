"""The call of a program: invoke, stream and batch, and their async twins."""

from collections.abc import Mapping
from textwrap import indent
from typing import Final, Literal, get_args

from chains.code.literals import quoted
from chains.code.parts import Part, needs
from chains.spec import Parser

Form = Literal["invoke", "stream", "batch", "ainvoke", "astream", "abatch", "server"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)
STREAMED: Final[frozenset[Form]] = frozenset({"stream", "astream", "server"})
BATCHED: Final[frozenset[Form]] = frozenset({"batch", "abatch"})

_JSON: Final = "json.dumps({}, ensure_ascii=False)"
_TEXT: Final[Mapping[Parser, str]] = {"text": "{}", "message": "{}.text", "json": _JSON}


def calling(form: Form, *, parser: Parser, separator: str, max_concurrency: int) -> Part:
    """The call of every form but `server`, and the printing of what comes.

    `separator` stands before each chunk of a stream; the growing values of a JSON parser have a line each instead.
    """
    imports = {("json", "")} if parser == "json" else set()
    text = _TEXT[parser]
    if form in STREAMED:
        lines = _stream(text.format("chunk"), "" if parser == "json" else separator, parted=parser != "json")
    elif form in BATCHED:
        config = f'{{"max_concurrency": {max_concurrency}}}'
        answer = text.format("answer")
        lines = f"answers = chain.batch(inputs, config={config})\nfor answer in answers:\n    print({answer})"
    else:
        lines = f"answer = chain.invoke(inputs)\nprint({text.format('answer')})"
    if form.startswith("a"):
        return Part(awaited(lines), needs(("asyncio", ""), *imports))
    return Part(lines, needs(*imports))


def _stream(chunk: str, separator: str, *, parted: bool) -> str:
    said = f"{quoted(separator)} + {chunk}" if separator else chunk
    end = 'end="", ' if parted else ""
    return f"for chunk in chain.stream(inputs):\n    print({said}, {end}flush=True)"


def awaited(lines: str) -> str:
    """The same lines in a coroutine, with the async twin of the call."""
    twin = (
        lines.replace("= chain.invoke(", "= await chain.ainvoke(")
        .replace("= chain.batch(", "= await chain.abatch(")
        .replace("for chunk in chain.stream(", "async for chunk in chain.astream(")
    )
    return f"\nasync def main() -> None:\n{indent(twin, '    ')}\n\n\nasyncio.run(main())"
