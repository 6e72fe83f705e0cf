"""What the diff view is sent: rows with their changed stretches, and sentences in the session's language."""

from collections.abc import Iterable, Sequence

from pydantic import JsonValue

from chains.compare.diff import Counts, Diff, Row, Span
from chains.compare.documents import Change, DocumentDiff, MessageDiff
from chains.compare.sections import SectionDiff
from chains.images import picture_of
from chains.words import fill
from components.words import _, counted, language, several


def rows(diff: Diff) -> list[JsonValue]:
    """A row is its kind and its text; of a changed one both sides, each parted: the same, changed, the same, …"""
    return [_row(row) for row in diff.rows]


def messages(found: DocumentDiff) -> list[JsonValue]:
    return [_message(message) for message in found.messages]


def changes(found: DocumentDiff) -> list[JsonValue]:
    """Name, old and new of each value that is different."""
    return [[_name(change), change.old, change.new] for change in found.changes]


def summary(counts: Counts, *, same: bool, more: Sequence[str] = ()) -> str:
    """What is different in one line; `more` are further parts of it."""
    if same:
        return _("Both are alike.")
    parts = [
        (counts.changed, several("{count} line changed", "{count} lines changed", counts.changed)),
        (counts.added, several("{count} line added", "{count} lines added", counts.added)),
        (counts.removed, several("{count} line removed", "{count} lines removed", counts.removed)),
        (counts.added_characters, several("{count} new character", "{count} new characters", counts.added_characters)),
        (
            counts.removed_characters,
            several("{count} character gone", "{count} characters gone", counts.removed_characters),
        ),
    ]
    told = [*more, *(text for count, text in parts if count)]
    return ", ".join(told) or _("Only the order or the roles of messages are different")


def more(found: DocumentDiff) -> list[str]:
    """What else of two documents is different than lines."""
    sections = [section for message in found.messages for section in message.sections]
    moved = sum(section.moved for section in sections)
    switched = sum(bool(_switched(section)) for section in sections)
    images = sum(message.has_other_images for message in found.messages)
    parts = [
        (len(found.changes), several("{count} setting changed", "{count} settings changed", len(found.changes))),
        (images, several("other images in {count} message", "other images in {count} messages", images)),
        (moved, several("{count} section moved", "{count} sections moved", moved)),
        (switched, several("{count} section switched", "{count} sections switched", switched)),
    ]
    return [text for count, text in parts if count]


def words() -> dict[str, JsonValue]:
    """What the view says by itself."""
    return {
        "language": language(),
        "form": _("Form of the comparison"),
        "side": _("Side by side"),
        "inline": _("Inline"),
        "settings": _("Settings"),
        "none": _("none"),
        "becomes": _("becomes"),
        "alike": _pairs(counted("{count} line alike", "{count} lines alike")),
        "more": _pairs(counted("Show {count} more line", "Show {count} more lines")),
        "kinds": {"changed": _("changed"), "added": _("added"), "removed": _("removed")},
    }


def _pairs(forms: Iterable[tuple[int, str]]) -> list[JsonValue]:
    return [[count, form] for count, form in forms]


def _row(row: Row) -> JsonValue:
    if row.kind == "changed":
        return ["changed", _parted(row.left, row.left_spans), _parted(row.right, row.right_spans)]
    return [row.kind, row.left if row.left is not None else row.right]


def _parted(line: str | None, spans: Iterable[Span]) -> list[JsonValue]:
    text, pieces, at = line or "", [], 0
    for start, end in spans:
        pieces += [text[at:start], text[start:end]]
        at = end
    return [*pieces, text[at:]]


def _message(message: MessageDiff) -> JsonValue:
    number = str(message.left if message.right is None else message.right)
    place = _("Branch {branch}, message {number}") if message.branch else _("Message {number}")
    return {
        "title": fill(place, {"number": number, "branch": message.branch}),
        "role": message.new_role or message.old_role,
        "notes": _notes_on(message),
        "sections": [
            {"title": _title(section), "notes": _notes(section, message), "rows": rows(section.diff)}
            for section in message.sections
        ],
    }


def _notes_on(message: MessageDiff) -> list[JsonValue]:
    if message.left is None or message.right is None:
        return [_("new") if message.left is None else _("removed")]
    roles = {"old": message.old_role, "new": message.new_role}
    return [
        *([fill(_("was message {number}"), {"number": str(message.left)})] if message.left != message.right else []),
        *([fill(_("role: {old} → {new}"), roles)] if message.old_role != message.new_role else []),
        *([_images(message)] if message.has_other_images else []),
    ]


def _images(message: MessageDiff) -> str:
    """Which images there were and are, by what is in them."""
    sides = {"old": message.old_images, "new": message.new_images}
    said = {side: "; ".join(str(picture_of(uri)) for uri in uris) or _("none") for side, uris in sides.items()}
    return fill(_("images: {old} → {new}"), said)


def _title(section: SectionDiff) -> str:
    side = section.right or section.left
    return side.title if side else ""


def _notes(section: SectionDiff, message: MessageDiff) -> list[JsonValue]:
    old, new = section.left, section.right
    if old is None or new is None:
        side = old or new
        off: list[JsonValue] = [_("off")] if side and side.off else []
        is_whole = message.left is None or message.right is None
        return off if is_whole else [_("new") if old is None else _("removed"), *off]
    return [
        *([_("moved")] if section.moved else []),
        *([fill(_("was: {title}"), {"title": old.title})] if old.title != new.title else []),
        *([_switched(section)] if _switched(section) else [_("off")] if new.off else []),
    ]


def _switched(section: SectionDiff) -> str:
    if section.left is None or section.right is None or section.left.off == section.right.off:
        return ""
    return _("switched off") if section.right.off else _("switched on")


def _name(change: Change) -> str:
    return fill(_(change.name), change.values)
