"""Images of a message, as data URIs: what they are is read from their bytes, never from a name, and nothing is fetched.

Only the header of an image is read, for its format and its size in pixels; it is never decoded here.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pydantic_core import PydanticCustomError

from chains.remembered import Remembered

MAX_IMAGE_BYTES: Final = 5_000_000
MAX_IMAGES: Final = 10
"""Of one message."""
MAX_CHAIN_BYTES: Final = 20_000_000
"""Of all images of a chain together."""
MAX_RUN_BYTES: Final = 60_000_000
"""Of all images of a run's variants, those that stand in several counted as often: a record holds each of them."""
MAX_URI_CHARACTERS: Final = 4 * MAX_IMAGE_BYTES // 3 + 100

_URI: Final = re.compile(r"data:image/(png|jpeg|webp);base64,")
_BASE64: Final = re.compile(
    r"data:image/[\w.+-]+;base64,[A-Za-z0-9+/=]*|(?:iVBORw0KGgo|/9j/|UklGR)[A-Za-z0-9+/]{80,}={0,2}"
)
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_BARE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Picture:
    """What an image's bytes say of it."""

    format: str
    """`PNG`, `JPEG` or `WebP`."""
    width: int
    height: int
    """In pixels."""
    size: int
    """In bytes."""

    def __str__(self) -> str:
        amount = f"{self.size / 1e6:.1f} MB" if self.size >= 1_000_000 else f"{max(1, round(self.size / 1_000))} kB"
        return f"{self.format}, {self.width} × {self.height}, {amount}"


class NoPicture(Exception):
    """Bytes or a URI that no message may hold; `code` is a key of `REASONS`."""

    def __init__(self, code: str) -> None:
        super().__init__(REASONS[code])
        self.code = code


REASONS: Final = {
    "image_uri": "an image is a data URI, data:image/png;base64,…: an address is never fetched",
    "image_base64": "the base64 of the image is broken",
    "image_format": "the bytes are no PNG, JPEG or WebP, or of another format than the URI says",
    "image_size": "an image may have 5 MB at most",
}
"""What is wrong, by code, as the API says it."""


def picture(data: bytes) -> Picture:
    """Raises NoPicture."""
    if len(data) > MAX_IMAGE_BYTES:
        raise NoPicture("image_size")
    for name, read in (("PNG", _png), ("JPEG", _jpeg), ("WebP", _webp)):
        found = read(data)
        if found is not None and all(found):
            return Picture(name, *found, len(data))
    raise NoPicture("image_format")


def to_uri(data: bytes) -> str:
    """The data URI of an image. Raises NoPicture."""
    return f"data:image/{picture(data).format.lower()};base64,{base64.b64encode(data).decode()}"


def data_of(uri: str) -> bytes:
    """The bytes of a data URI. Raises NoPicture."""
    head = _URI.match(uri)
    if head is None:
        raise NoPicture("image_uri")
    if len(uri) > MAX_URI_CHARACTERS:
        raise NoPicture("image_size")
    try:
        return base64.b64decode(uri[head.end() :], validate=True)
    except (binascii.Error, ValueError):
        raise NoPicture("image_base64") from None


def without_images(text: str) -> str:
    """`text` with an ellipsis in place of what looks like the bytes of an image, for outcomes and logs."""
    return _BASE64.sub("…", text)


_seen: Final = Remembered[Picture](_REMEMBERED)
_digests: Final = Remembered[str](_REMEMBERED)


def picture_of(uri: str) -> Picture:
    """What the image of a data URI is. Raises NoPicture.

    A form reads its images at every turn: what was found is remembered by the text's own hash, without the text, and
    only for one that a message may hold.
    """
    return _seen.get((hash(uri), len(uri)), 1, lambda: _checked(uri))


def _checked(uri: str) -> Picture:
    found = picture(data_of(uri))
    if not uri.startswith(f"data:image/{found.format.lower()};"):
        raise NoPicture("image_format")
    return found


def digest_of(uri: str) -> str:
    """SHA-256 of a data URI, in hex, the same in every process; remembered as `picture_of` remembers."""
    return _digests.get((hash(uri), len(uri)), 1, lambda: hashlib.sha256(uri.encode()).hexdigest())


def check_images(uris: Iterable[str]) -> None:
    """Raises a custom error of pydantic's for the first that no message may hold; none of it holds the image."""
    for uri in uris:
        try:
            picture_of(uri)
        except NoPicture as refused:
            raise PydanticCustomError(refused.code, "{reason}", {"reason": REASONS[refused.code]}) from None


def weight(uris: Iterable[str]) -> int:
    """What images have together, in bytes. Raises NoPicture."""
    return sum(picture_of(uri).size for uri in uris)


def check_weight(uris: Iterable[str]) -> None:
    """Raises a custom error of pydantic's when the images of a chain are too large together."""
    if weight(uris) > MAX_CHAIN_BYTES:
        raise PydanticCustomError("images_size", "the images of a chain may have 20 MB at most together")


def _png(data: bytes) -> tuple[int, int] | None:
    if not data.startswith(b"\x89PNG\r\n\x1a\n") or data[12:16] != b"IHDR" or len(data) < 24:
        return None
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """Walks the markers to the frame's header (ITU T.81, B.1.1)."""
    if not data.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _JPEG_BARE:
            at += 2
        elif marker in _JPEG_FRAMES:
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        else:
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4]))
    return None


def _webp(data: bytes) -> tuple[int, int] | None:
    """The three kinds of its first chunk (RFC 9649, 2.5 to 2.7)."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < 30:
        return None
    match data[12:16]:
        case b"VP8 " if data[23:26] == b"\x9d\x01\x2a":
            return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
        case b"VP8L" if data[20] == 0x2F:
            bits = int.from_bytes(data[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    return None
