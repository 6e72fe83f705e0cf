"""JSON with its images apart: `{"image": "<digest>"}` stands in a text for each, so that a store keeps an image once.

Files, links and the API hold the images themselves.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from chains.images import digest_of

_URI = re.compile(r'(?<!\\)"(data:image/(?:png|jpeg|webp);base64,[A-Za-z0-9+/=]+)"')
_NAMED = re.compile(r'\{"image": "([0-9a-f]{64})"\}')


@dataclass(frozen=True, slots=True)
class Apart:
    """A JSON text without its images, and these by digest."""

    text: str
    images: Mapping[str, str]


def apart(text: str) -> Apart:
    """A JSON text and its images, each as a data URI that is a whole string."""
    images: dict[str, str] = {}

    def named(found: re.Match[str]) -> str:
        digest = digest_of(found[1])
        images[digest] = found[1]
        return f'{{"image": "{digest}"}}'

    return Apart(_URI.sub(named, text), images)


def named_in(text: str) -> set[str]:
    """The digests that a text without its images names."""
    return {found[1] for found in _NAMED.finditer(text)}


def together(text: str, images: Mapping[str, str]) -> str:
    """The JSON text as it was; what looks like the name of an image and is none of these stays as it is."""
    return _NAMED.sub(lambda found: f'"{images[found[1]]}"' if found[1] in images else found[0], text)
