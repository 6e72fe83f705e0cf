"""What may be kept, shared or written to a file: a document of a size that could run, and without a key."""

import re
from collections.abc import Iterator
from itertools import chain
from urllib.parse import urlsplit

from pydantic import JsonValue

from chains.documents.apart import apart
from chains.documents.document import Document
from chains.files.notation import MAX_VALUES, values_in
from chains.models.parameters import refusal
from chains.outcomes import Outcome, Refused, RefusedModel
from chains.phrases import Phrase
from chains.templates.values import check_value

MAX_DOCUMENT_BYTES = 1_000_000
"""As JSON, its images not counted; no prompt may have more after formatting."""
MAX_DOCUMENT_VALUES = MAX_VALUES - 1_000
"""Names and values: with a name, tags and a message it fits into a file."""

_SECRET = re.compile(r"api[-_]?key|authorization|password|secret|(access|auth|bearer)[-_]?token", re.IGNORECASE)


def check_keepable(document: Document) -> str:
    """The document as JSON. Raises `Refused` for one that is too large, no JSON, or holds what looks like a key."""
    model = document.chain.model
    for name, value in chain(
        model.parameters.items(), document.chain.partials.items(), (document.inputs or {}).items()
    ):
        check_value(name, [name, value])
    check_no_keys(model.parameters)
    if has_secret(model.base_url or ""):
        raise RefusedModel(Outcome("bad_base_url", {"reason": Phrase("credentials")}))
    text = document.model_dump_json()
    if len(apart(text).text.encode()) > MAX_DOCUMENT_BYTES:
        raise Refused(Outcome("document_too_large", {"limit": f"{MAX_DOCUMENT_BYTES // 1_000_000} MB"}))
    if values_in(text) > MAX_DOCUMENT_VALUES:
        most = Phrase("names_and_values", {"most": f"{MAX_DOCUMENT_VALUES:,}"})
        raise Refused(Outcome("document_too_large", {"limit": most}))
    return text


def check_no_keys(parameters: JsonValue, path: str = "") -> None:
    """Raises `RefusedModel` with the path of the first value, however deep, that stands under the name of a key.

    An object under such a name is looked into: a tool may describe an argument called `password`.
    """
    for name, value in _named(parameters):
        place = f"{path}.{name}" if path else name
        if sounds_secret(name) and not isinstance(value, dict | bool | None):
            raise refusal(place, Phrase("key_field"))
        check_no_keys(value, place)


def has_secret(url: str) -> bool:
    """Whether an address holds a name, a password, or a query, where some servers take keys."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "@" in url or "?" in url
    return bool(parts.username or parts.password or parts.query) or "@" in parts.netloc


def sounds_secret(text: str) -> bool:
    """Whether a text names what holds a key."""
    return _SECRET.search(text) is not None


def _named(value: JsonValue) -> Iterator[tuple[str, JsonValue]]:
    """What a value holds, by name or by place."""
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from ((str(place), part) for place, part in enumerate(value))
