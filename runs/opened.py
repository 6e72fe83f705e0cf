"""The one engine of this process, opened at its first use.

What is heavy (LangChain, SQLAlchemy) is imported with the first use of the engine, beside the server's start.
"""

import threading
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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


@cache
def _engine() -> "Engine":
    from chains.models.registry import Endpoint
    from runs.engine import Engine, Options
    from settings import settings

    ours = settings()
    keys = {"OPENAI_API_KEY": ours.openai_api_key} if ours.openai_api_key else {}
    endpoints = []
    for endpoint in ours.endpoints():
        endpoints.append(Endpoint(**endpoint.model_dump()))
        if (key := ours.key(endpoint.key_variable)) is not None:
            keys[endpoint.key_variable] = key
    options = Options(
        store_url=ours.store_url,
        folder=ours.data_dir,
        max_stored=int(ours.max_stored_mb * 1_000_000),
        keys=keys,
        endpoints=endpoints,
    )
    made = Engine(options)
    _made.append(made)
    return made
