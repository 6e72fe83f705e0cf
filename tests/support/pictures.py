"""Images as a person would upload them, made anew by Pillow, and as data URIs."""

import base64
from io import BytesIO
from typing import Literal

from PIL import Image

Format = Literal["PNG", "JPEG", "WEBP"]


def drawn(kind: Format = "PNG", size: tuple[int, int] = (64, 48), **how: bool) -> bytes:
    """The bytes of an image of one colour."""
    buffer = BytesIO()
    Image.new("RGB", size, (10, 120, 200)).save(buffer, kind, **how)
    return buffer.getvalue()


def uri(data: bytes, kind: str = "png") -> str:
    """A data URI that says `kind`, whatever the bytes are."""
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def weighing(size: int) -> bytes:
    """A PNG of so many bytes: what follows its end belongs to no image."""
    data = drawn()
    return data + bytes(size - len(data))
