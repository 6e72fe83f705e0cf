"""What pydantic and the JSON reader find wrong with a field, in our own words and the session's language."""

import json
from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from chains.words import fill, mark
from components.words import _

MOST = 3
"""Misfits said at once."""


class InvalidField(Exception):
    """A field holds what no request can; the message says which, and what is wrong, in the session's language."""


_JSON: Mapping[str, str] = {
    "Expecting value": mark("a value is missing here, or a text without its double quotes stands here"),
    "Expecting property name": mark("a name in double quotes is missing here"),
    "Expecting ':'": mark("a colon is missing here"),
    "Expecting ','": mark("a comma or a closing bracket is missing here"),
    "Unterminated string": mark("the text that begins here has no closing quote"),
    "Invalid control character": mark("a line break or tab inside a text is written \\n or \\t"),
    "Invalid \\": mark("a backslash inside a text is written twice"),
    "Extra data": mark("something follows that does not belong to the value"),
    "Illegal trailing comma": mark("no comma may stand before a closing bracket"),
}
"""By the beginning of the reader's message."""

_FIELDS: Mapping[str, str] = {
    "name": mark("Name of the chain"),
    "messages": mark("Messages"),
    "branches": mark("Branches"),
    "branches.name": mark("The name of branch {place}"),
    "template": mark("Template"),
    "role": mark("Role"),
    "template_format": mark("Template format"),
    "parser": mark("Output parser"),
    "provider": mark("Provider"),
    "model": mark("Model"),
    "base_url": mark("Base URL"),
    "parameters": mark("Parameters"),
    "inputs": mark("Inputs"),
    "choices": mark("Choices"),
    "images": mark("Images"),
    "mode": mark("Mode"),
}
"""By name, as the form calls them; `{place}` counts from 1."""

_LIMITS: Mapping[str, tuple[str, str]] = {
    "string_too_long": (mark("it may have {limit} characters at most"), "max_length"),
    "too_long": (mark("it may have {limit} entries at most"), "max_length"),
    "string_too_short": (mark("it may not be empty"), "min_length"),
    "too_short": (mark("it may not be empty"), "min_length"),
    "missing": (mark("it is missing"), ""),
    "image_uri": (mark("an image is a data URI"), ""),
    "image_base64": (mark("its base64 is broken"), ""),
    "image_format": (mark("its bytes are no PNG, JPEG or WebP"), ""),
    "image_size": (mark("an image may have 5 MB at most"), ""),
    "images_size": (mark("its images may have 20 MB at most together"), ""),
    "images_role": (mark("only a human message holds images"), ""),
    "branch_name": (mark("letters, digits and _ are wanted, no digit first and no word of Python"), ""),
    "branch_twice": (mark("two branches have the name {name}"), ""),
    "one_branch": (mark("there must be two at least, or none"), ""),
}
"""By pydantic's type of error: a sentence, and where its limit stands."""


def of_json(name: str, error: ValueError | RecursionError) -> str:
    """Why the text in the field `name` cannot be read, with its line and column where the reader tells them."""
    if not isinstance(error, json.JSONDecodeError):
        return fill(_("The value of {name} is no JSON that can be taken: it is too deep or too long."), {"name": name})
    known = next((_(words) for start, words in _JSON.items() if error.msg.startswith(start)), error.msg)
    where = {"name": name, "line": str(error.lineno), "column": str(error.colno), "reason": known}
    return fill(_("The value of {name} is no JSON. Line {line}, column {column}: {reason}."), where)


def of_fields(error: ValidationError) -> str:
    """Which fields do not fit and why, the first `MOST` of them."""
    return " ".join(_of_field(found) for found in error.errors()[:MOST])


def _of_field(found: ErrorDetails) -> str:
    named = [part for part in found["loc"] if isinstance(part, str)]
    dotted = ".".join(named[-2:])
    known = dotted if dotted in _FIELDS else named[-1] if named else ""
    places = [str(part + 1) for part in found["loc"] if isinstance(part, int)]
    field = fill(_(_FIELDS[known]), {"place": "".join(places[:1])}) if known in _FIELDS else ".".join(named)
    words, limit = _LIMITS.get(found["type"], (mark("what stands there cannot be used"), ""))
    context = found.get("ctx", {})
    values = {"limit": f"{int(context.get(limit, 0)):,}", "name": str(context.get("name", ""))}
    reason = fill(_(words), values)
    return fill(_("{field} does not fit: {reason}."), {"field": field or _("The form"), "reason": reason})
