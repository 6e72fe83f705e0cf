"""Names inside mustache sections that no present value supplies: LangChain renders them as nothing, in silence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from pydantic import JsonValue

from chains.templates.mustache import Tag
from chains.templates.names import is_plain

MAX_VISITS: Final = 20_000
"""Tags looked at, in all items of all inputs together; what is found by then is told."""


@dataclass(slots=True)
class _Node:
    tag: Tag
    body: list["_Node"] = field(default_factory=list)
    section: str = ""
    """The innermost section that the tag stands in; "" for none."""
    visited: bool = False
    supplied: bool = False
    offered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsupplied:
    """A tag whose name was looked up and never found; `meant` is a name like it that was there, or ""."""

    tag: Tag
    section: str
    meant: str


def unsupplied(tags: Iterable[Tag], inputs: Sequence[Mapping[str, JsonValue]]) -> tuple[Unsupplied, ...]:
    """The variables and sections inside sections that `inputs` supply nowhere, of the tags of a sound template."""
    nodes: list[_Node] = []
    body = _tree(tags, nodes)
    left = MAX_VISITS
    for values in inputs:
        if left > 0:
            left = _visit(body, [values], left)
    found = [node for node in nodes if node.section and node.visited and not node.supplied]
    return tuple(Unsupplied(node.tag, node.section, _meant(node)) for node in found)


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


def _visit(body: Sequence[_Node], scopes: list[JsonValue | Mapping[str, JsonValue]], left: int) -> int:
    """Looks up the names of `body`, the innermost scope first; returns how many visits are left."""
    for node in body:
        left -= 1
        if left <= 0:
            break
        holder = next((s for s in scopes if isinstance(s, Mapping) and node.tag.name in s), None)
        _note(node, scopes, is_supplied=holder is not None or node.tag.name == ".")
        if not node.body or (holder is None and len(scopes) == 1):
            continue
        value = scopes[0] if node.tag.name == "." else holder[node.tag.name] if holder else None
        for item in _entered(node.tag, value):
            left = _visit(node.body, [item, *scopes], left)
    return left


def _entered(tag: Tag, value: object) -> Iterator[JsonValue]:
    """What a section is rendered with, once each: the items of a list, else the value; nothing when it is empty."""
    if tag.kind == "^":
        yield from () if value else (True,)
    elif isinstance(value, list):
        yield from (item for item in value if item)
    elif value:
        yield value  # type: ignore[misc]


def _note(node: _Node, scopes: Sequence[object], *, is_supplied: bool) -> None:
    node.visited = True
    node.supplied = node.supplied or is_supplied or node.tag.kind == "^"
    if not node.supplied and not node.offered:
        node.offered = tuple(name for scope in scopes if isinstance(scope, Mapping) for name in scope)


def _meant(node: _Node) -> str:
    if node.tag.kind == "#":
        return ""
    plain = [name for name in node.offered[:100] if is_plain(name)]
    return next(iter(get_close_matches(node.tag.name, plain, 1)), "")
