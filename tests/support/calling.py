"""Runs one item of a chain as the engine would, and keeps what was told."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import SecretStr

from chains.build import Chain, build, provider_of
from chains.calling.places import Places
from chains.calls import Call, Clock
from chains.events import Chunk, Fault, Happening, ItemEnded, Retry, RunStatus, Usage
from chains.methods.names import Method
from chains.methods.run import MethodRun, pipe
from chains.models.provider import Connection, Provider
from chains.models.registry import providers
from chains.spec import ChainSpec, Inputs


@dataclass(slots=True)
class Told:
    """What a call told, in order, with instants in ns; and how long it slept between attempts."""

    events: list[tuple[int, Happening]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    status: RunStatus = "queued"

    def tell(self, instant: int, what: Happening) -> None:
        self.events.append((instant, what))

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    @property
    def happened(self) -> list[Happening]:
        return [what for _, what in self.events]

    @property
    def chunks(self) -> list[Chunk]:
        return [what for what in self.happened if isinstance(what, Chunk)]

    @property
    def text(self) -> str:
        return "".join(chunk.text for chunk in self.chunks if chunk.kind == "text")

    @property
    def retries(self) -> list[Retry]:
        return [what for what in self.happened if isinstance(what, Retry)]

    @property
    def usage(self) -> list[Usage]:
        return [what for what in self.happened if isinstance(what, Usage)]

    @property
    def ended(self) -> ItemEnded:
        last = self.happened[-1]
        assert isinstance(last, ItemEnded)
        return last

    @property
    def error(self) -> Fault:
        assert self.ended.error is not None
        return self.ended.error


async def ask(
    spec: ChainSpec,
    inputs: Inputs | None = None,
    *,
    streamed: bool = True,
    key: str = "",
    keys: Mapping[str, SecretStr] | None = None,
    provider: Provider | None = None,
) -> Told:
    """Builds the chain of `spec` and runs one item, with a typed key, keys of the environment or a provider of its own.

    Waits between attempts are noted and not waited for.
    """
    connection = Connection(SecretStr(key) if key else None, keys or {})
    try:
        chain = build(spec, provider or provider_of(spec.model, providers()), connection)
        return await call(chain, inputs, streamed=streamed)
    finally:
        await connection.pool.aclose()


async def ask_by(method: Method, spec: ChainSpec, *, key: str = "", provider: Provider | None = None) -> Told:
    """Runs one item of a chain by one of LangChain's own methods."""
    connection, told = Connection(SecretStr(key) if key else None), Told()
    try:
        chain = build(spec, provider or provider_of(spec.model, providers()), connection)
        called = MethodRun(chain, pipe(chain, spec.parser), method, [{}], 1, Clock(), Places(1))
        (told.status,) = await called.run(told.tell)
        return told
    finally:
        await connection.pool.aclose()


async def call(chain: Chain, inputs: Inputs | None = None, *, streamed: bool = True) -> Told:
    """Runs one item of a chain."""
    told = Told()
    told.status = await Call(chain, inputs or {}, 0, streamed, Clock(sleep=told.sleep)).run(told.tell)
    return told
