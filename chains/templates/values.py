"""What may stand for a variable: data that can be written as JSON; for a placeholder, a list of messages."""

import math
from collections.abc import Mapping
from typing import Final

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from chains.outcomes import Outcome, Refused
from chains.phrases import Phrase
from chains.templates.names import SURROGATE

MAX_DEPTH: Final = 100
MAX_HISTORY: Final = 10_000
MAX_INTEGER_BITS: Final = 13_000
"""About 3,900 digits; Python refuses to write down an integer of more than 4,300."""

_ROLES: Final[Mapping[str, type[BaseMessage]]] = {
    "human": HumanMessage,
    "user": HumanMessage,
    "ai": AIMessage,
    "assistant": AIMessage,
    "system": SystemMessage,
}


def is_blank(value: object) -> bool:
    """True for what a person would call no value: None, and text without any character but spaces."""
    return value is None or (isinstance(value, str) and not value.strip())


def check_value(name: str, value: object) -> None:
    """Raises Refused (`bad_value`) unless `value` is JSON that can be written as UTF-8, without infinities and NaN."""
    if type(value) is str and value.isascii():
        return
    level: list[object] = [value]
    for _ in range(MAX_DEPTH):
        deeper: list[object] = []
        for part in level:
            reason = _unfit(part)
            if reason:
                raise Refused(Outcome("bad_value", {"name": name, "reason": reason}))
            if isinstance(part, dict):
                deeper += [*part.keys(), *part.values()]
            elif isinstance(part, list):
                deeper += part
        if not deeper:
            return
        level = deeper
    raise Refused(Outcome("bad_value", {"name": name, "reason": Phrase("deep", {"depth": str(MAX_DEPTH)})}))


def _unfit(part: object) -> Phrase | None:
    if isinstance(part, str):
        half = None if part.isascii() else SURROGATE.search(part)
        return Phrase("half_character", {"character": f"U+{ord(half[0]):04X}"}) if half else None
    if isinstance(part, int):
        return Phrase("long_number") if part.bit_length() > MAX_INTEGER_BITS else None
    if isinstance(part, float):
        return None if math.isfinite(part) else Phrase("not_finite")
    return None if part is None or isinstance(part, list | dict) else Phrase("not_json")


def history(name: str, value: object) -> list[BaseMessage]:
    """The messages for a placeholder, none for a blank value. Raises Refused (`bad_history`, `bad_value`).

    A message is `{"role", "content"}`, LangChain's `{"type", "content"}` or a pair of role and content, its content is
    text. LangChain takes more (ids, tool calls, serialised objects); that is more than a prompt needs from outside.
    """
    if is_blank(value):
        return []
    if not isinstance(value, list):
        raise _bad(name, Phrase("it_is", {"kind": _kind(value)}))
    if len(value) > MAX_HISTORY:
        raise _bad(name, Phrase("long_history", {"most": f"{MAX_HISTORY:,}"}))
    return [_message(name, number, item) for number, item in enumerate(value, start=1)]


def _message(name: str, number: int, item: object) -> BaseMessage:
    if isinstance(item, dict) and len(item) == 2 and "content" in item:
        role, content = item.get("role", item.get("type")), item["content"]
    elif isinstance(item, list | tuple) and len(item) == 2:
        role, content = item
    else:
        raise _bad(name, Phrase("message_is", {"number": str(number), "kind": _kind(item)}))
    if not isinstance(role, str) or role not in _ROLES:
        raise _bad(name, Phrase("no_role", {"number": str(number)}))
    if not isinstance(content, str):
        raise _bad(name, Phrase("content_is", {"number": str(number), "kind": _kind(content)}))
    check_value(name, content)
    return _ROLES[role](content=content)


def _bad(name: str, reason: Phrase) -> Refused:
    return Refused(Outcome("bad_history", {"name": name, "reason": reason}))


def _kind(value: object) -> Phrase:
    kinds = {
        dict: "kind_object",
        str: "kind_text",
        bool: "kind_boolean",
        int: "kind_number",
        float: "kind_number",
        list: "kind_list",
        type(None): "kind_empty",
    }
    return Phrase(kinds.get(type(value), "kind_other"))
