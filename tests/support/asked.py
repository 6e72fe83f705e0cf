"""Requests as values, in one line each."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from chains.spec import ChainSpec, MessageSpec, Mode, ModelSpec, Parser, RunRequest, RunWith, VariantSpec


def remote(url: str, model: str = "good", /, **parameters: JsonValue) -> ChainSpec:
    """A chain on a compatible server: one human message without variables."""
    spec = ModelSpec(provider="openai-compatible", model=model, base_url=url, parameters=parameters)
    return ChainSpec(messages=(MessageSpec(role="human", template="Count."),), model=spec)


def simulated(template: str = "Tell me about {topic}.", /, **parameters: JsonValue) -> ChainSpec:
    """A chain on the simulated model, as fast as it goes unless told otherwise."""
    pace: dict[str, JsonValue] = {"ttft_ms": 0, "tokens_per_second": 100_000, "jitter": 0}
    spec = ModelSpec(provider="simulated", model="simulated", parameters={**pace, **parameters})
    return ChainSpec(messages=(MessageSpec(role="human", template=template),), model=spec)


def slow(**parameters: JsonValue) -> ChainSpec:
    """A simulated chain that lasts for minutes."""
    return simulated(**{"tokens_per_second": 100, "min_tokens": 50_000, **parameters})


def branched(chain: ChainSpec, /, **templates: str) -> ChainSpec:
    """`chain` with a branch of one human message for each template; its own messages come before them."""
    branches = [{"name": name, "messages": [{"role": "human", "template": text}]} for name, text in templates.items()]
    return ChainSpec.model_validate({**chain.model_dump(), "branches": branches})


def bare(chain: ChainSpec) -> ChainSpec:
    """`chain` without messages, for branches that share none."""
    return chain.model_copy(update={"messages": ()})


def parsed(chain: ChainSpec, parser: Parser) -> ChainSpec:
    return chain.model_copy(update={"parser": parser})


def request(
    chain: ChainSpec,
    *,
    mode: Mode = "stream",
    inputs: Sequence[Mapping[str, JsonValue]] | None = None,
    max_concurrency: int = 3,
    run_with: RunWith = "engine",
    variants: Mapping[str, str] | None = None,
) -> RunRequest:
    """One input that names rain, unless told otherwise; `variants` are one human message each, by name."""
    values = tuple(dict(each) for each in inputs or [{"topic": "rain"}])
    return RunRequest(
        chain=chain,
        inputs=values,
        variants=None if variants is None else varied(variants),
        mode=mode,
        max_concurrency=max_concurrency,
        run_with=run_with,
    )


def varied(templates: Mapping[str, str]) -> tuple[VariantSpec, ...]:
    """A variant of one human message for each template, by name."""
    return tuple(
        VariantSpec(name=name, messages=(MessageSpec(role="human", template=text),)) for name, text in templates.items()
    )
