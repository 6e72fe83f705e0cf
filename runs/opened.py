"""The one engine of this process, opened at its first use.

What is heavy (LangChain, SQLAlchemy) is imported with the first use of the engine, beside the server's start.
"""

import threading
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from settings import SettingsError, settings

if TYPE_CHECKING:
    from chains.models.registry import Endpoint
    from runs.engine import Engine

_making = threading.Lock()
_made: list["Engine"] = []


def engine() -> "Engine":
    """The one engine of this process, made at the first call from the settings."""
    with _making:
        return _engine()


def opened() -> "Engine | None":
    """The engine if there is one by now; never waits, so that a signal handler may ask."""
    return _made[-1] if _made else None


def endpoints() -> Sequence["Endpoint"]:
    """The operator's endpoints, of which each fits beside the others and the built-in providers.

    Raises `SettingsError` naming the variable, the file and what does not fit.
    """
    ours = settings()
    if not (named := ours.endpoints()):
        return ()
    from chains.models.registry import Endpoint, providers

    made = [Endpoint(**endpoint.model_dump()) for endpoint in named]
    try:
        providers(made)
    except ValueError as error:
        raise SettingsError(f"PLAYGROUND_PROVIDERS={ours.providers}: {error}") from None
    return made


@cache
def _engine() -> "Engine":
    from runs.engine import Engine, Options

    ours, named = settings(), endpoints()
    keys = {"OPENAI_API_KEY": ours.openai_api_key} if ours.openai_api_key else {}
    for endpoint in named:
        if (key := ours.key(endpoint.key_variable)) is not None:
            keys[endpoint.key_variable] = key
    options = Options(
        store_url=ours.store_url,
        folder=ours.data_dir,
        max_stored=int(ours.max_stored_mb * 1_000_000),
        keys=keys,
        endpoints=named,
    )
    made = Engine(options)
    _made.append(made)
    return made
