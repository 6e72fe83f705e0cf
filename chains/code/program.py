"""A run as a Python program that does the same: `prompt | model | parser`, the inputs, the call.

Each form is a list of parts, so a further one is a further list. What is too long to read in
a program stands in JSON files beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from chains.code import parallel
from chains.code.calls import BATCHED, STREAMED, Form, calling
from chains.code.literals import laid_out, literal
from chains.code.model import chat_openai, replayed, replayed_batch
from chains.code.parts import Part, import_lines
from chains.code.prompt import as_json, given, images, loaded, pipe, prompt, values
from chains.code.server import FIXED, conversation, serving
from chains.models.provider import Provider
from chains.spec import ChainSpec, RunRequest

MOST_INPUTS: Final = 200
MOST_CHARACTERS: Final = 100_000
"""Of a literal; a longer one becomes a file."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program; how to install what it needs and to run it stands in its docstring."""

    name: str
    """The file's name."""
    source: str
    data: Mapping[str, str] = field(default_factory=dict)
    """The JSON files that it reads, by name: they belong beside it."""


def program(
    request: RunRequest,
    provider: Provider,
    form: Form,
    *,
    texts: Sequence[str] = (),
    branches: Sequence[Mapping[str, str]] = (),
    separator: str = "",
) -> Program:
    """The program of a run in one form. A form for one input takes the first.

    `texts` are what the run's items answered, in order, and `branches` what they did in each parallel branch; only a
    simulated model's are used. Raises Refused when the run has no program of this form.
    """
    return _Writing(request, provider, form, tuple(texts), tuple(branches), separator).program()


@dataclass(frozen=True, slots=True)
class _Writing:
    request: RunRequest
    provider: Provider
    form: Form
    texts: tuple[str, ...]
    branches: tuple[Mapping[str, str], ...]
    separator: str
    data: dict[str, str] = field(default_factory=dict)

    def program(self) -> Program:
        if self.form == "server":
            parts = self._server()
        elif self.request.chain.branches:
            parts = self._parallel()
        elif self.form in BATCHED:
            parts = self._batch()
        else:
            parts = self._single()
        name = "server.py" if self.form == "server" else "chain.py"
        return Program(name, _source(parts, self._title(), self._commands()), self.data)

    def _single(self) -> list[Part]:
        chain = self.request.chain
        inputs = values(chain, self.request.inputs[:1])[0]
        return [
            *self._prompt(chain),
            self._model(chain),
            pipe(chain.parser),
            self._value("inputs", inputs),
            self._call(),
        ]

    def _batch(self) -> list[Part]:
        chain = self.request.chain
        taken = values(chain, self.request.inputs)
        inputs = self._value("inputs", list(taken.values()))
        if self.provider.remote:
            return [*self._prompt(chain), self._model(chain), pipe(chain.parser), inputs, self._call()]
        held = self._value("texts", [self._text(index) for index in taken])
        return [*self._prompt(chain), inputs, held, replayed_batch(), pipe(chain.parser), self._call()]

    def _parallel(self) -> list[Part]:
        request, chain, batch = self.request, self.request.chain, self.form in BATCHED
        taken = values(chain, request.inputs if batch else request.inputs[:1])
        inputs = self._value("inputs", list(taken.values()) if batch else taken[0])
        call = parallel.calling(self.form, parser=chain.parser, max_concurrency=request.max_concurrency)
        if self.provider.remote:
            return [
                *self._images(),
                *parallel.prompts(chain),
                self._model(chain),
                parallel.parallel(chain),
                inputs,
                call,
            ]
        texts = parallel.texts(chain, self.branches, list(taken))
        held = self._value("texts", texts if batch else texts[0])
        return [*self._images(), *parallel.prompts(chain), inputs, held, *parallel.replayed(chain, self.form), call]

    def _server(self) -> list[Part]:
        chat = conversation(self.request.chain)
        given = values(self.request.chain, self.request.inputs[:1])[0]
        others = {name: value for name, value in given.items() if name not in (chat.question, chat.history)}
        fixed = [self._value(FIXED, others)] if others else []
        chain = chat.chain
        return [*self._prompt(chain), self._model(chain), pipe(chain.parser), *fixed, serving(chat, fixed=bool(others))]

    def _prompt(self, chain: ChainSpec) -> list[Part]:
        return [*self._images(), prompt(chain, pictures=images(chain))]

    def _images(self) -> list[Part]:
        """The images, which no reader of a program wants to see: always in a file."""
        found = images(self.request.chain)
        if found:
            self.data["images.json"] = as_json(found)
        return [loaded("images", "images.json")] if found else []

    def _model(self, chain: ChainSpec) -> Part:
        if self.provider.remote:
            return chat_openai(chain.model, self.provider, streamed=self.form in STREAMED)
        return replayed(self._text(0))

    def _text(self, index: int) -> str:
        return self.texts[index] if index < len(self.texts) else ""

    def _call(self) -> Part:
        request = self.request
        return calling(
            self.form,
            parser=request.chain.parser,
            separator=self.separator,
            max_concurrency=request.max_concurrency,
        )

    def _value(self, name: str, value: object) -> Part:
        many = isinstance(value, list) and len(value) > MOST_INPUTS
        if not many and len(laid_out(literal(value))) <= MOST_CHARACTERS:
            return given(name, value)
        file = f"{name}.json"
        self.data[file] = as_json(value)
        return loaded(name, file)

    def _title(self) -> str:
        if self.form == "server":
            return "The run as a server: POST /chat answers with Server-Sent Events."
        return f"The run as a LangChain program: {self.form}."

    def _commands(self) -> list[str]:
        model = "langchain-openai" if self.provider.remote else "langchain-core"
        if self.form == "server":
            return [f"pip install fastapi uvicorn {model}", "uvicorn server:app"]
        return [f"pip install {model}"]


def _source(parts: Sequence[Part], title: str, commands: Sequence[str]) -> str:
    notes = [note for part in parts for note in part.notes]
    docstring = "\n".join([f'"""{title}', "", *commands, *notes, '"""'])
    imports = import_lines(needed for part in parts for needed in part.imports)
    return f"{docstring}\n\n{imports}\n\n" + "\n\n".join(part.code for part in parts) + "\n"
