"""A piece of a program: its lines, and what they import."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """`imports` are pairs of module and name; an empty name imports the module itself."""

    code: str
    imports: frozenset[tuple[str, str]] = frozenset()
    notes: tuple[str, ...] = ()
    """Lines for the program's docstring."""


def needs(*imports: tuple[str, str]) -> frozenset[tuple[str, str]]:
    """The imports of a part."""
    return frozenset(imports)


def import_lines(wanted: Iterable[tuple[str, str]]) -> str:
    """The import statements, the standard library's first, each sorted as a linter would."""
    names: dict[str, set[str]] = {}
    for module, name in wanted:
        names.setdefault(module, set()).add(name)
    blocks = []
    for ours in (True, False):
        modules = sorted(module for module in names if (module.partition(".")[0] in sys.stdlib_module_names) is ours)
        plain = [f"import {module}" for module in modules if "" in names[module]]
        chosen = [f"from {module} import {_listed(names[module] - {''})}" for module in modules if names[module] - {""}]
        blocks.append("\n".join([*plain, *chosen]))
    return "\n\n".join(block for block in blocks if block)


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names, key=lambda name: (name[0].islower(), name)))
