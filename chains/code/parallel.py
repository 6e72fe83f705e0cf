"""The program of a chain with branches: a prompt each, and `RunnableParallel(use=prompt_use | model | parser, …)`.

What a stream gives are pieces of all branches in the order of their coming, so each is printed with its name.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from chains.code.calls import BATCHED, STREAMED, Form, awaited
from chains.code.literals import assigned, call
from chains.code.model import NO_TEXT, REPLAYED
from chains.code.parts import Part, needs
from chains.code.prompt import images, piped, prompt
from chains.spec import ChainSpec, Parser

_MODELS: Final = """\
models = {
    name: GenericFakeChatModel(messages=repeat(text)) for name, text in texts.items()
}"""
_SAYING: Final = '''\
def saying(name: str, prompt: ChatPromptTemplate) -> RunnableLambda:
    """A model that says what the run said in a branch."""
    known = {
        prompt.invoke(each).to_string(): said[name]
        for each, said in zip(inputs, texts, strict=True)
    }
    return RunnableLambda(lambda asked: AIMessage(known[asked.to_string()]))
'''


def prompts(chain: ChainSpec) -> list[Part]:
    """`prompt_<name> = …` for each branch, its shared rows in it."""
    return [prompt(each, f"prompt_{name}", images(chain)) for name, each in chain.parted().items()]


def parallel(chain: ChainSpec, model: str = "model") -> Part:
    """`chain = RunnableParallel(…)`; `model` is what stands between prompt and parser, `{name}` being the branch's."""
    parts = {name: piped(f"prompt_{name}", model.format(name=name), chain.parser) for name in chain.names}
    made = call("RunnableParallel", **{name: code for name, (code, _) in parts.items()})
    imports = frozenset(needed for _, imports in parts.values() for needed in imports)
    return Part(assigned("chain", made), needs(("langchain_core.runnables", "RunnableParallel")) | imports)


def replayed(chain: ChainSpec, form: Form) -> list[Part]:
    """The chain on models that give the `texts` of a simulated run, and for a batch know its `inputs`."""
    if form in BATCHED:
        imports = (("langchain_core.messages", "AIMessage"), ("langchain_core.runnables", "RunnableLambda"))
        return [Part(f"\n{REPLAYED}\n{_SAYING}", needs(*imports)), parallel(chain, 'saying("{name}", prompt_{name})')]
    models = needs(("itertools", "repeat"), ("langchain_core.language_models", "GenericFakeChatModel"))
    return [Part(f"{REPLAYED}\n{_MODELS}", models), parallel(chain, 'models["{name}"]')]


def texts(chain: ChainSpec, said: Sequence[Mapping[str, str]], indices: Sequence[int]) -> list[dict[str, str]]:
    """What the run said in each branch of the items at `indices`."""
    empty: Mapping[str, str] = {}
    items = [said[index] if index < len(said) else empty for index in indices]
    return [{name: item.get(name) or NO_TEXT for name in chain.names} for item in items]


def calling(form: Form, *, parser: Parser, max_concurrency: int) -> Part:
    """The call, and the printing of what comes: an answer below its branch's name, a piece of a stream beside it."""
    if form in STREAMED:
        lines = f"for chunk in chain.stream(inputs):\n{_piece(parser)}"
    elif form in BATCHED:
        config = f'{{"max_concurrency": {max_concurrency}}}'
        lines = f"answers = chain.batch(inputs, config={config})\nfor answer in answers:\n{_shown(parser, '    ')}"
    else:
        lines = f"answer = chain.invoke(inputs)\n{_shown(parser, '')}"
    imports = {("json", "")} if form in STREAMED or parser == "json" else set()
    if form.startswith("a"):
        return Part(awaited(lines), needs(("asyncio", ""), *imports))
    return Part(lines, needs(*imports))


def _piece(parser: Parser) -> str:
    if parser != "message":
        return f"    {_dumped('chunk', flush=True)}"
    return f"    texts = {{name: part.text for name, part in chunk.items()}}\n    {_dumped('texts', flush=True)}"


def _shown(parser: Parser, indent: str) -> str:
    if parser == "json":
        return f"{indent}{_dumped('answer')}"
    text = "said.text" if parser == "message" else "said"
    line = f'{indent}    print(f"# {{name}}\\n\\n{{{text}}}\\n")'
    return f"{indent}for name, said in answer.items():\n{line}"


def _dumped(name: str, *, flush: bool = False) -> str:
    return f"print(json.dumps({name}, ensure_ascii=False){', flush=True' if flush else ''})"
