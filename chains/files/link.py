"""A document in an address: compact JSON, compressed, in letters that an address takes as they are.

What comes from an address is read like a foreign file: bounded, by our own schema, unknown fields refused by name.
"""

import binascii
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

from pydantic import ValidationError

from chains.documents.document import Document
from chains.documents.keepable import MAX_DOCUMENT_BYTES, check_keepable
from chains.files.chain_file import misfit
from chains.files.notation import read
from chains.outcomes import Outcome, Refused
from chains.phrases import Phrase, Value

MAX_CHARACTERS = 1_800
"""Of a document in an address; addresses above 2,000 characters do not survive everywhere."""
MAX_READ_CHARACTERS = 20_000


def to_link(document: Document) -> str | None:
    """The document for an address; None when it would be longer than `MAX_CHARACTERS`. Raises `Refused`."""
    if sum(len(uri) for row in document.chain.rows for uri in row.images) > MAX_READ_CHARACTERS:
        return None
    written = urlsafe_b64encode(zlib.compress(to_json(document).encode(), 9)).decode().rstrip("=")
    return written if len(written) <= MAX_CHARACTERS else None


def from_link(written: str) -> Document:
    """The document in an address. Raises `Refused` (`bad_link`) with the reason."""
    if len(written) > MAX_READ_CHARACTERS or not written.isascii():
        raise _bad(Phrase("not_a_link"))
    try:
        packed = urlsafe_b64decode(written + "=" * (-len(written) % 4))
        unpacking = zlib.decompressobj()
        data = unpacking.decompress(packed, MAX_DOCUMENT_BYTES + 1)
    except (binascii.Error, zlib.error):
        raise _bad(Phrase("not_a_link")) from None
    if len(data) > MAX_DOCUMENT_BYTES or not unpacking.eof or unpacking.unused_data:
        raise _bad(Phrase("not_a_link"))
    return from_json(data)


def to_json(document: Document) -> str:
    """The document as short JSON. Raises `Refused` for one that may not be kept: too large, or with a key."""
    check_keepable(document)
    return document.model_dump_json(exclude_none=True)


def from_json(data: bytes) -> Document:
    """The document in what a link leads to. Raises `Refused` (`bad_link`) with the reason."""
    try:
        document = Document.model_validate(read(".json", data))
        check_keepable(document)
    except ValidationError as error:
        raise _bad(misfit(error.errors()[0])) from None
    except Refused as refused:
        raise _bad(refused.outcome.values.get("reason", Phrase("not_a_link"))) from None
    return document


def unknown_snapshot() -> Refused:
    """The refusal of a link to a snapshot that is not there."""
    return _bad(Phrase("snapshot_gone"))


def _bad(reason: Value) -> Refused:
    return Refused(Outcome("bad_link", {"reason": reason}))
