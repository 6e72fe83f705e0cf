"""What may stand for a variable: data that can be written as JSON; for a placeholder, a list of messages."""

from collections.abc import Mapping
from typing import Final

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from chains.outcomes import Outcome, Refused
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
    """Raises Refused (`bad_value`) unless `value` is JSON that can be written as UTF-8."""
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
    raise Refused(Outcome("bad_value", {"name": name, "reason": f"it is nested more than {MAX_DEPTH} deep"}))


def _unfit(part: object) -> str:
    if isinstance(part, str):
        half = None if part.isascii() else SURROGATE.search(part)
        return f"it holds half a character (U+{ord(half[0]):04X})" if half else ""
    if isinstance(part, int):
        return "it holds a number of thousands of digits" if part.bit_length() > MAX_INTEGER_BITS else ""
    return "" if part is None or isinstance(part, float | list | dict) else "it is not JSON"


def history(name: str, value: object) -> list[BaseMessage]:
    """The messages for a placeholder, none for a blank value. Raises Refused (`bad_history`, `bad_value`).

    A message is `{"role", "content"}`, LangChain's `{"type", "content"}` or a pair of role and content, its content is
    text. LangChain takes more (ids, tool calls, serialised objects); that is more than a prompt needs from outside.
    """
    if is_blank(value):
        return []
    if not isinstance(value, list):
        raise _bad(name, f"it is {_kind(value)}")
    if len(value) > MAX_HISTORY:
        raise _bad(name, f"it has more than {MAX_HISTORY:,} messages")
    return [_message(name, number, item) for number, item in enumerate(value, start=1)]


def _message(name: str, number: int, item: object) -> BaseMessage:
    if isinstance(item, dict) and len(item) == 2 and "content" in item:
        role, content = item.get("role", item.get("type")), item["content"]
    elif isinstance(item, list | tuple) and len(item) == 2:
        role, content = item
    else:
        raise _bad(name, f"message {number} is {_kind(item)}")
    if not isinstance(role, str) or role not in _ROLES:
        raise _bad(name, f"the role of message {number} is none of human, ai and system")
    if not isinstance(content, str):
        raise _bad(name, f"the content of message {number} is {_kind(content)}")
    check_value(name, content)
    return _ROLES[role](content=content)


def _bad(name: str, reason: str) -> Refused:
    return Refused(Outcome("bad_history", {"name": name, "reason": reason}))


def _kind(value: object) -> str:
    if isinstance(value, dict):
        return "an object with other fields"
    kinds = {
        str: "text",
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        type(None): "empty",
    }
    return kinds.get(type(value), "not JSON")
