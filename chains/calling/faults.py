"""Translates what a model's class raised into an `Outcome`, once."""

import json
from collections.abc import Mapping

from langchain_core.exceptions import (
    ContextOverflowError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelError,
    ModelInvalidRequestError,
    ModelNotFoundError,
    ModelPermissionDeniedError,
    ModelRateLimitError,
    ModelTimeoutError,
)
from pydantic import SecretStr

from chains.images import without_images
from chains.models.provider import NO_KEY, Explain
from chains.outcomes import Outcome, SimulatedFault
from chains.phrases import Value

RETRYABLE: frozenset[str] = frozenset(
    {"rate_limited", "server_error", "connection_refused", "connect_timeout", "no_answer", "cut"}
)
"""Outcomes that another attempt may cure; only before the first chunk."""

_BY_CLASS: tuple[tuple[type[BaseException], str], ...] = (
    (ContextOverflowError, "context_too_long"),
    (ModelAuthenticationError, "wrong_key"),
    (ModelPermissionDeniedError, "not_permitted"),
    (ModelNotFoundError, "unknown_model"),
    (ModelRateLimitError, "rate_limited"),
    (ModelTimeoutError, "stalled"),
    (ModelConnectionError, "cut"),
    (ModelInvalidRequestError, "bad_request"),
    (json.JSONDecodeError, "malformed"),
    (ModelError, "server_error"),
)


MAX_DETAIL = 2_000
"""Characters."""


def translate(error: BaseException, explain: Explain, values: Mapping[str, Value], key: SecretStr) -> Outcome:
    """The outcome of `error`; `explain` is asked first. `values` fill the sentences (provider, model, address, …).

    The detail holds a server's own words, which may repeat the `key` or the images that it was sent: an ellipsis
    stands in their place.
    """
    found = explain(error) or _generic(error)
    detail = without_images(without_key(found.detail or _words(error), key))
    return Outcome(found.code, {**values, **found.values}, detail[:MAX_DETAIL])


def without_key(text: str, key: SecretStr) -> str:
    """`text` with an ellipsis in place of the key, for records and logs."""
    secret = key.get_secret_value()
    return text.replace(secret, "…") if secret and key != NO_KEY else text


def _generic(error: BaseException) -> Outcome:
    if isinstance(error, SimulatedFault):
        return Outcome(error.code)
    if isinstance(error, ValueError) and "No generation chunks" in str(error):
        return Outcome("not_an_api")
    for kind, code in _BY_CLASS:
        if isinstance(error, kind):
            return Outcome(code)
    return Outcome("internal")


def _words(error: BaseException) -> str:
    return "" if isinstance(error, SimulatedFault) else f"{type(error).__name__}: {error}"
