"""Two documents compared: their messages section by section, and whatever else they hold as old and new values."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pydantic import JsonValue

from chains.compare.diff import ALIKE, Counts, likeness, weights
from chains.compare.pairs import in_order, merged
from chains.compare.sections import SectionDiff, compare_sections, parts
from chains.documents.document import Document, FieldSpec, OffSection
from chains.spec import ChainSpec, MessageSpec
from chains.words import mark

SAME_ROLE = 0.1
"""What it counts that two messages have the same role: enough where they have nothing else in common."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value: `name` is a message id with `values` for it; '' for a side that has no such value."""

    name: str
    values: Mapping[str, str]
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class MessageDiff:
    """One message: its branch, '' for those that all share, and on each side its number there, from 1, and its role."""

    branch: str
    left: int | None
    right: int | None
    old_role: str
    new_role: str
    sections: tuple[SectionDiff, ...]
    old_images: tuple[str, ...] = ()
    new_images: tuple[str, ...] = ()
    """Data URIs."""

    @property
    def has_other_images(self) -> bool:
        """Whether the message is on both sides, with other images."""
        return self.left is not None and self.right is not None and self.old_images != self.new_images

    @property
    def is_same(self) -> bool:
        here = self.left == self.right and self.old_role == self.new_role and not self.has_other_images
        return here and all(section.is_same for section in self.sections)


@dataclass(frozen=True, slots=True)
class DocumentDiff:
    """What is different between two documents."""

    changes: tuple[Change, ...]
    messages: tuple[MessageDiff, ...]

    @property
    def is_same(self) -> bool:
        return not self.changes and all(message.is_same for message in self.messages)

    @property
    def counts(self) -> Counts:
        """The counts of all messages together."""
        return sum((section.diff.counts for message in self.messages for section in message.sections), Counts())


@dataclass(frozen=True, slots=True)
class _Message:
    number: int
    spec: MessageSpec
    off: tuple[OffSection, ...]


def compare(one: Document, other: Document) -> DocumentDiff:
    """What became of `one` in `other`."""
    left, right = _groups(one), _groups(other)
    names = dict.fromkeys((*left, *right))
    messages = (_messages(name, left.get(name, ()), right.get(name, ())) for name in names)
    return DocumentDiff(tuple(_changes(one, other)), tuple(message for group in messages for message in group))


def _changes(one: Document, other: Document) -> Iterator[Change]:
    for name, value in _values(one.chain).items():
        if value != (new := _values(other.chain)[name]):
            yield Change(name, {}, value, new)
    yield from _by_name("{name}", one.chain.model.parameters, other.chain.model.parameters)
    fields = ({name: _kind(field) for name, field in side.fields.items()} for side in (one, other))
    yield from _by_name(mark("Field of {name}"), *fields)
    yield from _by_name(mark("Bound value of {name}"), one.chain.partials, other.chain.partials)
    yield from _by_name(mark("Value of {name}"), one.inputs or {}, other.inputs or {})


def _values(chain: ChainSpec) -> dict[str, str]:
    return {
        mark("Name of the chain"): chain.name,
        mark("Template format"): chain.template_format,
        mark("Output parser"): chain.parser,
        mark("Provider"): chain.model.provider,
        mark("Model"): chain.model.model,
        mark("Base URL"): chain.model.base_url or "",
        mark("Branches"): ", ".join(chain.names),
    }


def _by_name(message: str, one: Mapping[str, JsonValue], other: Mapping[str, JsonValue]) -> Iterator[Change]:
    for name in dict.fromkeys((*one, *other)):
        old, new = (_written(side[name]) if name in side else "" for side in (one, other))
        if old != new:
            yield Change(message, {"name": name}, old, new)


def _written(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _kind(field: FieldSpec) -> str:
    return ": ".join(filter(None, (field.kind, ", ".join(field.choices))))


def _groups(document: Document) -> dict[str, list[_Message]]:
    """The rows that all branches share under '', those of each branch under its name."""
    chain, row = document.chain, 0
    groups: dict[str, list[_Message]] = {}
    for name, specs in {
        "": chain.messages,
        **{branch.name: branch.messages for branch in chain.branches or ()},
    }.items():
        groups[name] = []
        for number, spec in enumerate(specs, start=1):
            off = tuple(section for section in document.off if section.row == row)
            groups[name].append(_Message(number, spec, off))
            row += 1
    return groups


def _messages(branch: str, left: Sequence[_Message], right: Sequence[_Message]) -> Iterator[MessageDiff]:
    weigh = cache(weights)

    def like(one: int, other: int) -> float:
        old, new = left[one].spec, right[other].spec
        much = likeness(weigh(old.template), weigh(new.template))
        return (much if much >= ALIKE else 0.0) + (SAME_ROLE if old.role == new.role else 0.0)

    pairs = in_order([message.spec for message in left], [message.spec for message in right], like)
    for one, other in merged(len(left), len(right), pairs):
        old, new = None if one is None else left[one], None if other is None else right[other]
        yield _message(branch, old, new)


def _message(branch: str, old: _Message | None, new: _Message | None) -> MessageDiff:
    left, right = (parts(side.spec.template, side.off) if side else [] for side in (old, new))
    return MessageDiff(
        branch,
        old.number if old else None,
        new.number if new else None,
        old.spec.role if old else "",
        new.spec.role if new else "",
        tuple(compare_sections(left, right)),
        old.spec.images if old else (),
        new.spec.images if new else (),
    )
