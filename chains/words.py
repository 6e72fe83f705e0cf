"""Marks words that people read.

`chains/` knows no catalogue: it keeps message ids (English sentences with `{names}` in braces), and whoever draws one
looks it up with gettext and fills in its values.
"""

import re
from collections.abc import Mapping

_NAME = re.compile(r"\{(\w+)\}")


def mark(message: str) -> str:
    """Returns `message` unchanged; the catalogue's extractor collects what stands in this call."""
    return message


def fill(message: str, values: Mapping[str, str]) -> str:
    """Replaces each `{name}` of `values` in `message`; other braces and unknown names stay as they are.

    Not `str.format`: a value or a message may hold braces of its own.
    """
    return _NAME.sub(lambda found: values.get(found[1], found[0]), message)
