"""Names inside mustache sections that no present value supplies: LangChain renders them as nothing, in silence.

A name that some items of a list have and others lack is told with the first that lack it, unless a section of that name
says that it may be absent.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from pydantic import JsonValue

from chains.templates.mustache import Tag
from chains.templates.names import is_plain

MAX_VISITS: Final = 20_000
"""Tags looked at, in all items of all inputs together; what is found by then is told."""

MOST_ITEMS: Final = 3
"""Items that are told of one tag."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list section, by its places in the lists around it and its own, each from 1."""

    row: int
    """Of the inputs, from 1."""
    section: str
    places: tuple[int, ...]


@dataclass(slots=True)
class _Node:
    tag: Tag
    body: list["_Node"] = field(default_factory=list)
    section: str = ""
    """The innermost section that the tag stands in; "" for none."""
    visited: bool = False
    supplied: bool = False
    offered: tuple[str, ...] = ()
    lacking: list[Item] = field(default_factory=list)
    """Items without the name, one more than are told."""


@dataclass(frozen=True, slots=True)
class Unsupplied:
    """A tag whose name was looked up and not found; `meant` is a name like it that was there, or "".

    `lacking` are items without the name where others have it, of the first input that has such, one more than
    `MOST_ITEMS` where there are more; it is empty where the name was never found.
    """

    tag: Tag
    section: str
    meant: str
    lacking: tuple[Item, ...] = ()


def unsupplied(tags: Iterable[Tag], inputs: Sequence[Mapping[str, JsonValue]]) -> tuple[Unsupplied, ...]:
    """The names inside sections that `inputs` supply nowhere, or not in all items, of the tags of a sound template."""
    nodes: list[_Node] = []
    body = _tree(tags, nodes)
    left = MAX_VISITS
    for row, values in enumerate(inputs, start=1):
        if left > 0:
            left = _visit(body, [values], Item(row, "", ()), left)
    optional = {node.tag.name for node in nodes if node.tag.kind in ("#", "^")}
    found: dict[object, Unsupplied] = {}
    for node in nodes:
        if not node.section or not node.visited:
            continue
        if not node.supplied:
            found[node.tag] = Unsupplied(node.tag, node.section, _meant(node))
        elif node.lacking and node.tag.name not in optional:
            lacking = tuple(item for item in node.lacking if item.row == node.lacking[0].row)
            found.setdefault((node.tag.name, lacking), Unsupplied(node.tag, lacking[0].section, "", lacking))
    return tuple(found.values())


def _tree(tags: Iterable[Tag], nodes: list[_Node]) -> list[_Node]:
    bodies: list[list[_Node]] = [[]]
    names = [""]
    for tag in tags:
        if tag.kind == "/":
            bodies.pop()
            names.pop()
        elif tag.kind != "!":
            node = _Node(tag, section=names[-1])
            bodies[-1].append(node)
            nodes.append(node)
            if tag.kind in ("#", "^"):
                bodies.append(node.body)
                names.append(tag.name)
    return bodies[0]


def _visit(body: Sequence[_Node], scopes: list[JsonValue | Mapping[str, JsonValue]], at: Item, left: int) -> int:
    """Looks up the names of `body`, the innermost scope first, in the item `at`; returns how many visits are left."""
    for node in body:
        left -= 1
        if left <= 0:
            break
        holder = next((s for s in scopes if isinstance(s, Mapping) and node.tag.name in s), None)
        _note(node, scopes, at, is_supplied=holder is not None or node.tag.name == ".")
        if not node.body or (holder is None and len(scopes) == 1):
            continue
        value = scopes[0] if node.tag.name == "." else holder[node.tag.name] if holder else None
        for place, item in _entered(node.tag, value):
            inner = Item(at.row, node.tag.name, (*at.places, place)) if place else at
            left = _visit(node.body, [item, *scopes], inner, left)
    return left


def _entered(tag: Tag, value: object) -> Iterator[tuple[int, JsonValue]]:
    """What a section is rendered with, once each: the items of a list with their places from 1, else the value with 0.

    Nothing when it is empty.
    """
    if tag.kind == "^":
        yield from () if value else ((0, True),)
    elif isinstance(value, list):
        yield from ((place, item) for place, item in enumerate(value, start=1) if item)
    elif value:
        yield 0, value  # type: ignore[misc]


def _note(node: _Node, scopes: Sequence[object], at: Item, *, is_supplied: bool) -> None:
    node.visited = True
    if not is_supplied and at.places and node.tag.kind in ("", "&") and len(node.lacking) <= MOST_ITEMS:
        node.lacking.append(at)
    node.supplied = node.supplied or is_supplied or node.tag.kind == "^"
    if not node.supplied and not node.offered:
        node.offered = tuple(name for scope in scopes if isinstance(scope, Mapping) for name in scope)


def _meant(node: _Node) -> str:
    if node.tag.kind == "#":
        return ""
    plain = [name for name in node.offered[:100] if is_plain(name)]
    return next(iter(get_close_matches(node.tag.name, plain, 1)), "")
