"""What a JSON field was read as, in a few words."""

from collections.abc import Sequence

from pydantic import JsonValue

from chains.documents.fields import ITEM
from chains.words import fill
from components.words import _, several

MOST_NAMES = 8


def read_as(value: JsonValue) -> str:
    """A value's kind for a reader, with how much there is of it."""
    match value:
        case list():
            return _list(value)
        case dict():
            return fill(_("an object with {names}"), {"names": _named(list(value))}) if value else _("an empty object")
        case bool():
            return _("true") if value else _("false")
        case int() | float():
            return _("a number")
        case str():
            return _("a text")
    return _("nothing (null)")


def item_needs(names: Sequence[str]) -> str:
    """What an item of a section needs, as a hint; '' when it needs nothing."""
    wanted = [name for name in names if name != ITEM]
    if wanted:
        return fill(_("Each item needs: {names}"), {"names": _named(wanted)})
    return _("Each item is a text or a number") if names else ""


def _list(value: Sequence[JsonValue]) -> str:
    count = len(value)
    if not count:
        return _("an empty list")
    if all(isinstance(item, dict) for item in value):
        return several("a list of {count} object", "a list of {count} objects", count)
    if all(isinstance(item, str) for item in value):
        return several("a list of {count} text", "a list of {count} texts", count)
    if all(isinstance(item, int | float) and not isinstance(item, bool) for item in value):
        return several("a list of {count} number", "a list of {count} numbers", count)
    return several("a list of {count} value", "a list of {count} values", count)


def _named(names: Sequence[str]) -> str:
    more = ", …" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more
