"""Saved chains as values: a chain is a list of versions that never change, and one of them is its current one."""

from collections.abc import Iterable
from dataclasses import dataclass

from chains.documents.document import Document
from chains.files.chain_file import MAX_DESCRIPTION, MAX_NAME, MAX_TAG, MAX_TAGS


@dataclass(frozen=True, slots=True)
class About:
    """What a person says of a saved chain. Names and tags are one line each; a tag stands once, however it is cased."""

    name: str
    description: str = ""
    tags: tuple[str, ...] = ()

    def cleaned(self) -> "About":
        """The same without what no line holds, cut to what is kept."""
        description = self.description.replace("\0", "").strip()[:MAX_DESCRIPTION]
        return About(_line(self.name)[:MAX_NAME], description, _tags(self.tags))


@dataclass(frozen=True, slots=True)
class Sought:
    """Which saved chains are wanted; an empty field does not filter.

    `text` is sought in names, descriptions, tags and the templates of current versions; every one of `tags` is wanted.
    """

    text: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the list. `used` is seconds since 1970, `versions` how many there are."""

    id: str
    about: About
    used: float
    versions: int


@dataclass(frozen=True, slots=True)
class Version:
    """A version without its document. `parent` is the version it was made from, `restored` the one it took again; 0
    where there is none. `created` is seconds since 1970, `size` bytes of its document as JSON.
    """

    number: int
    parent: int
    created: float
    message: str
    restored: int
    size: int


@dataclass(frozen=True, slots=True)
class SavedChain:
    """A saved chain with all its versions, the oldest first. `head` is the number of the current one."""

    id: str
    about: About
    created: float
    used: float
    head: int
    versions: tuple[Version, ...]

    def version(self, number: int) -> Version | None:
        """The version of that number."""
        return next((version for version in self.versions if version.number == number), None)

    def is_beside(self, number: int) -> bool:
        """Whether a version is none of those that the current one came from: saved beside it, or left behind."""
        return number not in self._line_of_head()

    def _line_of_head(self) -> frozenset[int]:
        parents = {version.number: version.parent for version in self.versions}
        found: set[int] = set()
        at = self.head
        while at in parents and at not in found:
            found.add(at)
            at = parents[at]
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving: the version that holds the document now.

    With `beside` the chain's current version was another than the one edited: both are kept, and `head` stays current.
    """

    chain: str
    number: int
    head: int
    is_new: bool = True
    """Whether a version was added; not when the document was kept already."""

    @property
    def beside(self) -> bool:
        return self.number != self.head


def name_of(document: Document) -> str:
    """What a chain is called that nobody named: the beginning of its first template."""
    named = document.chain.name or next((row.template for row in document.chain.rows if row.template.strip()), "")
    return _line(named)[:60]


def _tags(written: Iterable[str]) -> tuple[str, ...]:
    found = {tag.casefold(): tag for tag in reversed([_line(tag)[:MAX_TAG].strip() for tag in written]) if tag}
    return tuple(sorted(found.values(), key=str.casefold))[:MAX_TAGS]


def _line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())
