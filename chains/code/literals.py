"""Values as Python literals, laid out as a formatter would: exactly equal when read again, and readable.

What cannot be seen (control characters, joiners, marks of direction, half characters) is written as an escape, and so
is a space at the end of a line; every other character stands as it is, in any script.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from unicodedata import combining, east_asian_width

from langchain_core.messages import BaseMessage

WIDTH: Final = 88
"""Columns; a wide character takes two."""
BLOCK_CHARACTERS: Final = 40
"""Shorter texts stay on one line, their line breaks escaped."""
STEP: Final = 4

_ROOM: Final = re.compile(r" (?=\n)")
_QUOTES: Final = re.compile(r'"{3,}|"+\Z')


@dataclass(frozen=True, slots=True)
class Group:
    """A bracket with its items, each with what stands before it (`temperature=`, `"topic": `)."""

    opening: str
    items: tuple[tuple[str, "Node"], ...]
    closing: str


Node: TypeAlias = str | Group


def literal(value: object) -> Node:
    """`value`, made of what JSON has and of LangChain's messages, as a literal. Raises TypeError for anything else."""
    match value:
        case str():
            return text(value)
        case None | bool() | int():
            return repr(value)
        case float():
            return repr(value) if math.isfinite(value) else f'float("{value}")'
        case BaseMessage():
            return call(type(value).__name__, literal(value.content))
        case Mapping():
            return mapping({str(key): literal(part) for key, part in value.items()})
        case Sequence():
            return Group("[", tuple(("", literal(part)) for part in value), "]")
    raise TypeError(f"{type(value).__name__} has no literal")


def mapping(items: Mapping[str, Node]) -> Group:
    """A dict of what is written already."""
    return Group("{", tuple((f"{quoted(key)}: ", node) for key, node in items.items()), "}")


def call(name: str, *positional: Node, **named: Node) -> Group:
    """A call, or a tuple when `name` is ''."""
    items = [("", node) for node in positional] + [(f"{key}=", node) for key, node in named.items()]
    return Group(f"{name}(", tuple(items), ")")


def text(value: str) -> str:
    """A string's literal: a triple-quoted block when it has lines, else one line."""
    if "\n" in value.strip("\n") and len(value) > BLOCK_CHARACTERS:
        return block(value)
    return quoted(value)


def quoted(value: str) -> str:
    """A literal on one line, in the quotes that need fewer escapes."""
    quote = "'" if value.count('"') > value.count("'") else '"'
    body = _escaped(value).replace(quote, f"\\{quote}")
    return f"{quote}{body}{quote}"


def block(value: str) -> str:
    """A triple-quoted literal; its lines are those of `value`, from the second line of the source on."""
    body = "\n".join(_escaped(line) for line in value.split("\n"))
    body = _QUOTES.sub(lambda found: '\\"' * len(found[0]), _ROOM.sub(r"\\x20", body))
    return f'"""\\\n{body}"""'


def laid_out(node: Node, *, indent: int = 0, before: int = 0, after: int = 0) -> str:
    """`node` on one line where it fits, else an item a line.

    All in columns: `indent` of the line it begins on, `before` for what stands on that line already, `after` for what
    follows on its last.
    """
    if isinstance(node, str):
        return node
    flat = _flat(node)
    if not node.items or ("\n" not in flat and before + _width(flat) + after <= WIDTH):
        return flat
    inner = indent + STEP
    comma = "" if _holds_one_group(node) else ","
    items = [
        f"{' ' * inner}{prefix}{laid_out(part, indent=inner, before=inner + _width(prefix), after=1)}{comma}\n"
        for prefix, part in node.items
    ]
    return f"{node.opening}\n{''.join(items)}{' ' * indent}{node.closing}"


def assigned(name: str, node: Node, *, indent: int = 0) -> str:
    """`name = node`, laid out."""
    start = f"{' ' * indent}{name} = "
    return f"{start}{laid_out(node, indent=indent, before=len(start))}"


def _escaped(value: str) -> str:
    if value.isascii() and value.isprintable() and "\\" not in value:
        return value
    return "".join(_sign(character) for character in value)


def _sign(character: str) -> str:
    if character == "\\":
        return "\\\\"
    return character if character.isprintable() else repr(character)[1:-1]


def _holds_one_group(node: Group) -> bool:
    """Whether it is a call with a bracket as its only argument, which is written without a last comma."""
    return node.opening.endswith("(") and len(node.items) == 1 and isinstance(node.items[0][1], Group)


def _flat(node: Node) -> str:
    if isinstance(node, str):
        return node
    return f"{node.opening}{', '.join(prefix + _flat(part) for prefix, part in node.items)}{node.closing}"


def _width(line: str) -> int:
    if line.isascii():
        return len(line)
    return sum(0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in line)
