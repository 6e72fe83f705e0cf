"""The providers, by name. A vendor's package is imported in its factory, at the first run that needs it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from langchain_core.language_models.chat_models import BaseChatModel
from pydantic import SecretStr

from chains.calling.faults import translate
from chains.models.parameters import Parameter, check, refusal
from chains.models.provider import NO_KEY, Connection, Provider
from chains.models.simulated.parameters import BOUNDS
from chains.models.simulated.traffic import FAULTS
from chains.outcomes import Outcome, RefusedModel
from chains.phrases import Phrase, Value
from chains.spec import ModelSpec
from chains.words import mark

OPENAI_URL = "https://api.openai.com/v1"
OURS = frozenset({"model", "messages", "stream", "stream_options"})
"""Fields of a chat completion's body that no parameter may replace."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server that the operator named: it appears in the picker beside the built-in providers."""

    name: str
    base_url: str
    label: str = ""
    key_variable: str = ""
    models: tuple[str, ...] = ()


_MAX_TOKENS = mark("The most tokens that the answer may have.")
_SEED = mark("The same seed and prompt give the same answer where a model supports it.")

SIMULATED_PARAMETERS = (
    Parameter("ttft_ms", "number", 300, mark("How long the first token takes."), *BOUNDS["ttft_ms"], unit="ms"),
    Parameter(
        "tokens_per_second", "number", 40, mark("Pace of the answer."), *BOUNDS["tokens_per_second"], unit="tok/s"
    ),
    Parameter("jitter", "number", 0.15, mark("Share by which the gaps vary: 0 is an even pace."), *BOUNDS["jitter"]),
    Parameter(
        "tokens_per_chunk", "integer", 1, mark("Tokens that arrive together in one chunk."), *BOUNDS["tokens_per_chunk"]
    ),
    Parameter("max_tokens", "integer", 256, _MAX_TOKENS, *BOUNDS["max_tokens"]),
    Parameter("min_tokens", "integer", 500, mark("Makes the answer at least this long."), *BOUNDS["min_tokens"]),
    Parameter("seed", "integer", 0, _SEED, *BOUNDS["seed"]),
    Parameter("fault", "choice", "rate_limited", mark("What goes wrong on the way."), choices=FAULTS),
)
OPENAI_PARAMETERS = (
    Parameter("temperature", "number", 0.7, mark("0 is the most predictable; some models refuse it."), 0, 2),
    Parameter("max_tokens", "integer", 512, _MAX_TOKENS, 1, 1_000_000),
    Parameter("top_p", "number", 1.0, mark("Share of the likeliest tokens to draw from."), 0, 1),
    Parameter("seed", "integer", 0, _SEED, -(2**31), 2**31),
    Parameter("stop", "texts", ["\n\n"], mark("Texts at which the answer ends.")),
    Parameter("frequency_penalty", "number", 0.0, mark("Above 0, repeated tokens become less likely."), -2, 2),
    Parameter("presence_penalty", "number", 0.0, mark("Above 0, new subjects become likelier."), -2, 2),
    Parameter(
        "reasoning_effort", "choice", "low", mark("How long a reasoning model thinks."),
        choices=("none", "minimal", "low", "medium", "high"),
    ),
)  # fmt: skip


def providers(endpoints: Iterable[Endpoint] = ()) -> dict[str, Provider]:
    """Every provider by name, the built-in ones first.

    Raises `ValueError` for an endpoint whose name is taken, and for one that would send OpenAI's key to another host.
    """
    found = {provider.name: provider for provider in (_SIMULATED, _OPENAI, _COMPATIBLE)}
    for endpoint in endpoints:
        if endpoint.name in found:
            raise ValueError(f"the endpoint {endpoint.name} has the name of another provider; give it one of its own")
        if endpoint.key_variable == _OPENAI.key_variable and _origin(endpoint.base_url) != _origin(OPENAI_URL):
            raise ValueError(
                f"the endpoint {endpoint.name} may not have {_OPENAI.key_variable}, which goes to {OPENAI_URL} only; "
                "give it a variable of its own"
            )
        found[endpoint.name] = _endpoint(endpoint)
    return found


def base_url_of(spec: ModelSpec, provider: Provider) -> str:
    """The address that a run of `spec` speaks to, without a slash at the end. Raises `RefusedModel`."""
    if not provider.needs_base_url:
        if spec.base_url:
            raise _bad_url("own_address", provider=provider.name)
        return _with_host(provider.base_url)
    url = (spec.base_url or "").strip()
    if not url:
        raise RefusedModel(Outcome("no_base_url", {"provider": provider.label}))
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits or any(character.isspace() for character in url):
        raise _bad_url("address_wanted")
    if parts.username or parts.password:
        raise _bad_url("credentials")
    if parts.query or parts.fragment:
        raise _bad_url("query")
    return _with_host(url.rstrip("/"))


def key_of(provider: Provider, connection: Connection) -> SecretStr:
    """The key for this provider's host: the typed one, else the environment's own for it. Raises `RefusedModel`."""
    own = connection.environment.get(provider.key_variable) if provider.key_variable else None
    for given in (connection.typed, own):
        # A key that was mounted as a file ends with a line break.
        key = given.get_secret_value().strip() if given is not None else ""
        if key and (not key.isascii() or not key.isprintable() or " " in key):
            raise RefusedModel(Outcome("bad_key"))
        if key:
            return SecretStr(key)
    if provider.needs_key:
        raise RefusedModel(Outcome("no_key", {"provider": provider.label, "variable": provider.key_variable}))
    return NO_KEY


def _make_simulated(provider: Provider, spec: ModelSpec, connection: Connection, connect_s: float) -> BaseChatModel:
    from chains.models.simulated import SimulatedChatModel

    if spec.base_url:
        raise _bad_url("no_address")
    check(spec.parameters, SIMULATED_PARAMETERS)
    return SimulatedChatModel.model_validate({**spec.parameters, "vision": spec.model == _SIMULATED.seeing})


def _make_chat(provider: Provider, spec: ModelSpec, connection: Connection, connect_s: float) -> BaseChatModel:
    base_url, key = base_url_of(spec, provider), key_of(provider, connection)
    if not spec.model.strip():
        raise RefusedModel(Outcome("no_model"))
    own = provider.name == _OPENAI.name
    check(spec.parameters, OPENAI_PARAMETERS, others=not own)
    for name in OURS & spec.parameters.keys():
        raise refusal(name, Phrase("ours"))
    from chains.models import openai_chat

    # OpenAI's newer models take only the new name of the limit, most compatible servers only the old one.
    renamed = {"max_tokens": "max_completion_tokens"} if own else {}
    return openai_chat.chat(
        model=spec.model.strip(),
        base_url=base_url,
        key=key,
        parameters={renamed.get(name, name): value for name, value in spec.parameters.items()},
        connect_s=connect_s,
        pool=connection.pool,
    )


async def _list_models(provider: Provider, base_url: str, connection: Connection) -> Sequence[str]:
    from chains.models import openai_chat

    spec = ModelSpec(provider=provider.name, base_url=base_url or None)
    url, key = base_url_of(spec, provider), key_of(provider, connection)
    try:
        return await openai_chat.list_models(url, key, connection.pool)
    except openai_chat.ERRORS as error:
        names: dict[str, Value] = {"provider": provider.label, "model": "", "address": url}
        names["seconds"] = f"{openai_chat.LIST_CONNECT_S:g}"
        outcome = translate(error, _explain_chat, names, key)
        if outcome.code in ("wrong_key", "not_permitted") and key == NO_KEY:
            outcome = replace(outcome, code="wants_key")
        elif outcome.code == "not_permitted":
            outcome = replace(outcome, code="may_not_list")
        raise RefusedModel(outcome) from error


def _explain_chat(error: BaseException) -> Outcome | None:
    from chains.models import openai_chat

    return openai_chat.explain(error)


def _sees(model: BaseChatModel) -> bool | None:
    """What LangChain's own profile of the model says, for the names that it knows."""
    known = (model.profile or {}).get("image_inputs")
    return known if isinstance(known, bool) else None


_SIMULATED = Provider(
    name="simulated",
    label=Phrase("simulated_model"),
    make=_make_simulated,
    explain=lambda error: None,
    parameters=SIMULATED_PARAMETERS,
    remote=False,
    known_models=("simulated", "simulated-vision"),
    sees=lambda model: bool(getattr(model, "vision", False)),
    seeing="simulated-vision",
)
_OPENAI = Provider(
    name="openai",
    label="OpenAI",
    make=_make_chat,
    explain=_explain_chat,
    parameters=OPENAI_PARAMETERS,
    base_url=OPENAI_URL,
    key_variable="OPENAI_API_KEY",
    needs_key=True,
    known_models=("gpt-4.1-mini", "gpt-4.1", "gpt-4o-mini", "gpt-4o", "gpt-5-mini", "gpt-5", "o4-mini"),
    list_models=_list_models,
    sees=_sees,
    seeing="gpt-4.1-mini",
)
_COMPATIBLE = Provider(
    name="openai-compatible",
    label=Phrase("compatible_server"),
    make=_make_chat,
    explain=_explain_chat,
    parameters=OPENAI_PARAMETERS,
    needs_base_url=True,
    list_models=_list_models,
)


def _endpoint(endpoint: Endpoint) -> Provider:
    return Provider(
        name=endpoint.name,
        label=endpoint.label or endpoint.name,
        make=_make_chat,
        explain=_explain_chat,
        parameters=OPENAI_PARAMETERS,
        base_url=endpoint.base_url.rstrip("/"),
        key_variable=endpoint.key_variable,
        needs_key=bool(endpoint.key_variable),
        known_models=endpoint.models,
        list_models=_list_models,
    )


def _with_host(url: str) -> str:
    from chains.models import openai_chat

    if not openai_chat.is_url(url):
        raise _bad_url("bad_host")
    return url


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()


def _bad_url(code: str, **values: str) -> RefusedModel:
    return RefusedModel(Outcome("bad_base_url", {"reason": Phrase(code, values)}))
