"""Who may import whom: the table of the design, read from the source and enforced.

Every module of a folder may import what `MAY` says and nothing else of ours or of the outside (the standard library is
free). What only some of its modules may import stands in `ONLY`.
"""

import ast
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("pages", "components", "server", "runs", "chains")
OURS = (*FOLDERS, "settings", "streamlit_app")

# What a folder may import, by the beginning of the module's dotted name; itself is always among it.
MAY: Mapping[str, frozenset[str]] = {
    "streamlit_app.py": frozenset({"streamlit", "components.shell", "server"}),
    "settings.py": frozenset({"pydantic", "pydantic_settings", "dotenv"}),
    "pages": frozenset({"streamlit", "components", "chains", "runs"}),
    "components": frozenset(
        {"streamlit", "chains", "runs", "settings", "pydantic", "pydantic_core", "plotly", "babel"}
    ),
    "server": frozenset({"starlette", "fastapi", "anyio", "pydantic", "runs", "chains", "settings", "streamlit"}),
    "runs": frozenset({"chains", "settings", "sqlalchemy", "alembic", "pydantic", "filelock"}),
    "chains": frozenset(
        {
            "langchain",
            "langchain_core",
            "langgraph",
            "pydantic",
            "pydantic_core",
            "chevron",
            "yaml",
            "langchain_openai",
            "openai",
            "httpx2",
        }
    ),
}
# What only these files or folders may import.
ONLY: Mapping[str, tuple[str, ...]] = {
    "streamlit": ("streamlit_app.py", "pages", "components", "server/guard.py"),
    "plotly": ("components/charts",),
    "langchain_openai": ("chains/models/openai_chat.py",),
    "openai": ("chains/models/openai_chat.py", "chains/models/openai_clients.py"),
    "httpx2": ("chains/models/openai_chat.py", "chains/models/openai_clients.py"),
    "langchain_community": (),
    "yaml": ("chains/files/notation.py",),
    "runs.engine": ("runs",),
    "runs.opened._engine": (),
}
STATE = "components/state"
CHARTS = "components/charts"
MOST_FILES = 12
LARGE_WITH_REASON = frozenset({"chains"})
"""At the root of `chains/` are the rooms of a chunk and what all other folders of it speak of."""


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name, dotted, and the line that imports it."""

    name: str
    line: int

    def is_of(self, module: str) -> bool:
        return self.name == module or self.name.startswith(f"{module}.")


def broken_rules(path: str, source: str) -> list[str]:
    """Every rule that the module at `path`, relative to the root, breaks: a sentence each."""
    tree = ast.parse(source)
    return [
        *_foreign(path, tree),
        *_reserved(path, tree),
        *_state(path, tree),
        *_page(path, tree),
    ]


def _foreign(path: str, tree: ast.Module) -> Iterator[str]:
    area = PurePosixPath(path).parts[0]
    if area not in MAY:
        return
    for found in _imports(tree):
        top = found.name.partition(".")[0]
        if top in sys.stdlib_module_names or (top == area and area != "pages"):
            continue
        if not any(found.is_of(allowed) for allowed in MAY[area]):
            yield f"{path}:{found.line}: {area} may not import {found.name}"


def _reserved(path: str, tree: ast.Module) -> Iterator[str]:
    for found in _imports(tree):
        for module, homes in ONLY.items():
            if found.is_of(module) and not any(_is_in(path, home) for home in homes):
                yield f"{path}:{found.line}: {module} is imported only in {', '.join(homes) or 'no file'}"
        if _is_in(path, CHARTS) and found.is_of("streamlit"):
            yield f"{path}:{found.line}: a chart knows no streamlit"


def _state(path: str, tree: ast.Module) -> Iterator[str]:
    if _is_in(path, STATE):
        return
    for node in ast.walk(tree):
        named = isinstance(node, ast.Attribute) and node.attr == "session_state"
        if named or (isinstance(node, ast.alias) and node.name == "session_state"):
            yield f"{path}: session_state is touched only in {STATE}, not in {ast.unparse(node)}"


def _page(path: str, tree: ast.Module) -> Iterator[str]:
    if not _is_in(path, "pages"):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield f"{path}:{node.lineno}: a page has no def, class or lambda"


def _imports(tree: ast.Module) -> Iterator[Import]:
    """Every import of a module, also inside functions and under TYPE_CHECKING."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from (Import(f"{module}.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("importlib.import_module", "__import__"):
            named = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            yield from (Import(name, node.lineno) for name in named if isinstance(name, str))


def _is_in(path: str, home: str) -> bool:
    return path == home or path.startswith(f"{home}/")


def _sources() -> list[str]:
    inside = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path.relative_to(ROOT).as_posix() for path in (ROOT / "streamlit_app.py", ROOT / "settings.py", *inside)]


@pytest.mark.parametrize("path", _sources())
def test_a_module_imports_only_what_its_folder_may(path: str) -> None:
    assert not broken_rules(path, (ROOT / path).read_text("utf-8"))


@pytest.mark.parametrize("folder", sorted({str(PurePosixPath(path).parent) for path in _sources()} - {"."}))
def test_a_folder_stays_small_enough_to_be_one_sentence(folder: str) -> None:
    modules = [path for path in (ROOT / folder).glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= MOST_FILES or folder in LARGE_WITH_REASON


def test_there_are_no_folders_of_leftovers() -> None:
    vague = {"utils", "core", "common", "helpers", "services"}
    assert not [path for path in _sources() if vague & {*PurePosixPath(path).with_suffix("").parts}]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("streamlit_app.py", "from components import state"),
        ("streamlit_app.py", "import runs.opened"),
        ("settings.py", "from chains import spec"),
        ("pages/a.py", "import langchain_core"),
        ("pages/a.py", "from plotly import graph_objects"),
        ("pages/a.py", "import pages.b"),
        ("pages/a.py", "import sqlalchemy"),
        ("pages/a.py", "import streamlit as st\nst.session_state['a'] = 1"),
        ("pages/a.py", "def show(): ..."),
        ("pages/a.py", "class Page: ..."),
        ("components/a.py", "from server import api"),
        ("components/a.py", "from pages import playground"),
        ("components/a.py", "def show():\n    from langchain_core.messages import AIMessage"),
        ("components/a.py", "import plotly"),
        ("components/a.py", "from streamlit import session_state"),
        ("components/a.py", "import streamlit as st\nst.session_state"),
        ("components/a.py", "from runs.engine import Engine"),
        ("components/a.py", "from runs.opened import _engine"),
        ("components/charts/a.py", "import streamlit"),
        ("server/a.py", "import streamlit"),
        ("server/a.py", "import components.words"),
        ("server/a.py", "from runs import engine"),
        ("server/guard.py", "from pages import runs"),
        ("runs/a.py", "import streamlit"),
        ("runs/a.py", "from starlette.requests import Request"),
        ("runs/a.py", "import fastapi"),
        ("runs/a.py", "import plotly.graph_objects"),
        ("runs/a.py", "from server.live import live"),
        ("runs/a.py", "from langchain_core.messages import AIMessage"),
        ("chains/a.py", "import settings"),
        ("chains/a.py", "from runs.opened import engine"),
        ("chains/a.py", "import sqlalchemy"),
        ("chains/a.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import streamlit"),
        ("chains/models/a.py", "def make():\n    import langchain_openai"),
        ("chains/files/a.py", "import yaml"),
        ("chains/models/a.py", "import openai"),
        ("chains/models/a.py", "import importlib\nimportlib.import_module('httpx2')"),
        ("chains/models/openai_chat.py", "import langchain_community"),
        ("chains/a.py", "from . import spec"),
    ],
)
def test_a_broken_rule_is_found(path: str, source: str) -> None:
    assert broken_rules(path, source)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("streamlit_app.py", "import streamlit\nfrom components.shell import run_pages\nfrom server import ROUTES"),
        ("pages/a.py", "import streamlit as st\nfrom components import shell\nfrom chains.spec import ChainSpec"),
        ("components/charts/a.py", "import plotly.graph_objects\nfrom chains.events import Event"),
        ("components/state/a.py", "import streamlit as st\nst.session_state['a'] = 1"),
        ("server/guard.py", "from streamlit.web.server.starlette.starlette_app_utils import validate_xsrf_token"),
        ("server/a.py", "from runs.opened import engine"),
        ("runs/a.py", "from runs.engine import Engine\nimport sqlalchemy"),
        ("chains/models/openai_chat.py", "def make():\n    from langchain_openai import ChatOpenAI"),
    ],
)
def test_what_is_allowed_is_not_complained_of(path: str, source: str) -> None:
    assert not broken_rules(path, source)
