"""From a `ChainSpec` to something that runs: the parts of `prompt | model | parser`, with their limits.

The parts are not piped into one Runnable: `chains/calls.py` renders the prompt, streams the model and hands the message
to the parser, one by one, so that the size of a prompt is checked before the clock starts and every chunk is stamped
where the model gives it, not behind a parser that waits for more. Nothing is sent here; what could not run is refused.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.output_parsers import BaseOutputParser
from pydantic import JsonValue, SecretStr

from chains.calling.json_parser import JsonParser
from chains.models.parameters import LIMITS, check
from chains.models.provider import NO_KEY, Connection, Explain, Provider
from chains.models.registry import base_url_of, key_of
from chains.outcomes import Outcome, RefusedModel
from chains.phrases import Value
from chains.spec import ChainSpec, Inputs, ModelSpec, VariantSpec
from chains.templates.problems import RefusedTemplate
from chains.templates.prompt import Prompt

MAX_ANSWER_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """When to give up. Seconds; `retries` are attempts after the first, made before the first chunk only."""

    connect_s: float = 5.0
    chunk_s: float = 60.0
    run_s: float = 600.0
    retries: int = 2
    answer_bytes: int = MAX_ANSWER_BYTES


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain that can run: one for all items of a run."""

    prompt: Prompt
    """Of all rows: with branches it names what is asked for, and each branch has a prompt of its own to be sent."""
    model: BaseChatModel
    parser: BaseOutputParser[JsonValue] | None
    limits: Limits
    explain: Explain
    remote: bool
    """Whether the model needs a provider's connection."""
    key: SecretStr
    """What the provider is sent, to be kept out of every outcome."""
    names: Mapping[str, Value]
    """What the sentences of outcomes are filled with: provider, model, address, seconds to connect."""
    branches: Mapping[str, "Chain"] = field(default_factory=dict)
    """Parallel branches by name, each a chain on the same model; none for a plain chain."""
    variants: tuple["Chain", ...] = ()
    """The chains that a run tries in place of this one, in order, each on the same model."""

    def check(self, inputs: Inputs) -> None:
        """Raises `Refused` when a prompt cannot be rendered with `inputs`."""
        for chain in self.branches.values() or (self,):
            chain.prompt.render(inputs)


def build(spec: ChainSpec, provider: Provider, connection: Connection, variants: Sequence[VariantSpec] = ()) -> Chain:
    """Raises `Refused` for a template, a parameter, a key or an address that cannot run, and images unseen."""
    prompt = Prompt.build(spec.rows, spec.template_format, spec.partials)
    limits, parameters = split_limits(spec.model.parameters)
    wanted = spec.model.model_copy(update={"parameters": parameters})
    model = provider.make(provider, wanted, connection, limits.connect_s)
    shown = any(row.images for row in (*spec.rows, *(row for variant in variants for row in variant.messages)))
    if shown and provider.sees(model) is False:
        raise RefusedModel(
            Outcome("no_vision", {"model": spec.model.model or provider.name, "others": provider.seeing})
        )
    chain = Chain(
        prompt=prompt,
        model=model,
        parser=JsonParser() if spec.parser == "json" else None,
        limits=limits,
        explain=provider.explain,
        remote=provider.remote,
        key=key_of(provider, connection) if provider.remote else NO_KEY,
        names={
            "provider": provider.label,
            "model": spec.model.model,
            "address": base_url_of(spec.model, provider) if provider.remote else "",
            "seconds": f"{limits.connect_s:g}",
        },
    )
    branches = {
        name: replace(chain, prompt=Prompt.build(branch.messages, branch.template_format, spec.partials))
        for name, branch in spec.parted().items()
    }
    others = tuple(replace(chain, prompt=_prompt_of(variant, spec)) for variant in variants)
    return replace(chain, branches=branches, variants=others)


def _prompt_of(variant: VariantSpec, spec: ChainSpec) -> Prompt:
    try:
        return Prompt.build(variant.messages, spec.template_format, spec.partials)
    except RefusedTemplate as refused:
        raise RefusedTemplate(refused.problems, variant.name) from None


def split_limits(parameters: Mapping[str, JsonValue]) -> tuple[Limits, dict[str, JsonValue]]:
    """Our own limits, and the parameters that are the model's. Raises `RefusedModel` by the parameter's name."""
    names = {parameter.name for parameter in LIMITS}
    ours = {name: float(str(value)) for name, value in _checked(parameters, names).items()}
    defaults = Limits()
    limits = Limits(
        connect_s=ours.get("connect_timeout_s", defaults.connect_s),
        chunk_s=ours.get("chunk_timeout_s", defaults.chunk_s),
        run_s=ours.get("run_timeout_s", defaults.run_s),
        retries=int(ours.get("max_retries", defaults.retries)),
    )
    return limits, {name: value for name, value in parameters.items() if name not in names}


def _checked(parameters: Mapping[str, JsonValue], names: Collection[str]) -> dict[str, JsonValue]:
    ours = {name: value for name, value in parameters.items() if name in names}
    check(ours, LIMITS)
    return ours


def provider_of(spec: ModelSpec, providers: Mapping[str, Provider]) -> Provider:
    """The named provider. Raises `RefusedModel` with the known names."""
    if spec.provider not in providers:
        raise RefusedModel(Outcome("unknown_provider", {"provider": spec.provider, "known": ", ".join(providers)}))
    return providers[spec.provider]
