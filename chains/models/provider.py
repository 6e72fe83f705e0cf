"""What a provider of models is: a name, a door to its class, and an ear for its errors."""

import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from langchain_core.language_models.chat_models import BaseChatModel
from pydantic import SecretStr

from chains.models.parameters import LIMITS, Parameter
from chains.outcomes import Outcome
from chains.phrases import Value
from chains.spec import ModelSpec


class Closing(Protocol):
    """A client that can be closed."""

    async def aclose(self) -> None: ...


ClientT = TypeVar("ClientT", bound=Closing)


@dataclass(slots=True)
class Pool:
    """HTTP clients shared by all models of one event loop, so that they share connections and TLS."""

    clients: dict[str, Closing] = field(default_factory=dict)
    _making: threading.Lock = field(default_factory=threading.Lock)

    def client(self, name: str, kind: type[ClientT], make: Callable[[], ClientT]) -> ClientT:
        """The client of that name, made on first use."""
        with self._making:
            found = self.clients.get(name)
            if not isinstance(found, kind):
                found = self.clients[name] = make()
            return found

    async def aclose(self) -> None:
        """Closes them all; to be awaited on the loop that used them."""
        for client in self.clients.values():
            await client.aclose()
        self.clients.clear()


@dataclass(frozen=True, slots=True)
class Connection:
    """What a model's class needs beside its spec and what no record may hold: the key, if any.

    `typed` is the key that a person gave for this run or session; `environment` the vendor's own from the settings,
    by variable name. Which of them goes where is the provider's to decide, by host.
    """

    typed: SecretStr | None = None
    environment: Mapping[str, SecretStr] = field(default_factory=dict)
    pool: Pool = field(default_factory=Pool)


NO_KEY = SecretStr("EMPTY")
"""What a server without keys is sent, so that no key of the environment ever is."""

Make = Callable[["Provider", ModelSpec, Connection, float], BaseChatModel]
"""Provider, spec, connection, seconds to connect. Raises `RefusedModel`; sends nothing."""

Explain = Callable[[BaseException], Outcome | None]
"""The outcome of a vendor's exception, or None where it says nothing special."""

ListModels = Callable[["Provider", str, Connection], Coroutine[None, None, Sequence[str]]]
"""Provider, base URL ('' for its own) and connection to the names of the models there. Raises `Refused`."""


Sees = Callable[[BaseChatModel], bool | None]
"""Whether a model takes images; None where only its server knows."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One entry of the model picker."""

    name: str
    label: Value
    """An operator's own words, or a phrase of ours."""
    make: Make
    explain: Explain
    parameters: tuple[Parameter, ...]
    remote: bool = True
    needs_base_url: bool = False
    base_url: str = ""
    key_variable: str = ""
    """The environment variable whose key goes to this provider's own host, and nowhere else."""
    needs_key: bool = False
    known_models: tuple[str, ...] = ()
    list_models: ListModels | None = None
    sees: Sees = lambda model: None
    seeing: str = ""
    """A model of its own that takes images, to name where another does not."""

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """All that can be turned on for a run of its models: what is sent, and our own limits."""
        return tuple(parameter.name for parameter in (*self.parameters, *LIMITS))
