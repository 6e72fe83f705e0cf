"""The words of the source, and the catalogues of locales/; run as a module, it brings the catalogues up to date.

A catalogue keeps its translations: message ids that are new stand there empty, and those that are gone are dropped.
The source is read as a tree: Babel's own reader does not look into f-strings before Python 3.12.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from tests.support.playground import ROOT

SOURCES = ("components", "pages", "chains")
LOCALES = ROOT / "locales"
ARGUMENTS = {"_": 1, "mark": 1, "several": 2, "counted": 2}
"""The calls that hold message ids, and in how many of their first arguments: in two a singular and a plural."""


def messages(source: str) -> Iterator[str | tuple[str, ...]]:
    """The message ids of a module, in order."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ARGUMENTS:
            written = node.args[: ARGUMENTS[node.func.id]]
            found = tuple(a.value for a in written if isinstance(a, ast.Constant) and isinstance(a.value, str))
            if found and len(found) == len(written):
                yield found if len(found) > 1 else found[0]


def template() -> Catalog:
    """Every message id of the source, with the files that it stands in."""
    found = Catalog(charset="utf-8")
    for path in (path for folder in SOURCES for path in sorted((ROOT / folder).rglob("*.py"))):
        for message in messages(path.read_text("utf-8")):
            found.add(message, locations=[(path.relative_to(ROOT).as_posix(), 1)])
    return found


def catalogues() -> Iterator[tuple[Path, Catalog]]:
    """Every catalogue, with its path."""
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/messages.po")):
        with path.open("rb") as written:
            yield path, read_po(written, path.parts[-3], ignore_obsolete=True)


def update() -> None:
    """Writes every catalogue anew, and says what is left to translate."""
    for path, catalogue in catalogues():
        catalogue.update(template(), no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalogue, width=110, include_lineno=False)
        missing = sum(not any(message.string or ()) for message in catalogue if message.id)
        sys.stdout.write(f"{path.relative_to(ROOT)}: {len(catalogue)} messages, {missing} to translate\n")


if __name__ == "__main__":
    update()
