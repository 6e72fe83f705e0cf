"""No bare words on the screen: whatever a person reads goes through the catalogue.

A literal that is drawn holds no letters, save icons and directives of Markdown; words stand in `_`, `mark`, `several`
or `counted`. Beyond what is drawn in so many words, a literal that reads like a sentence is wrong wherever it stands in
a screen's module, and so is one in a script of the live views.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.playground import ROOT

SAID = {"_", "mark", "several", "counted"}
DRAWN = {"label", "help", "placeholder", "body", "title", "page_title", "text", "caption", "message", "value"}
"""The keywords of Streamlit's calls that end on the screen; the first argument does in any case."""

CODES = {"TTFT", "E2E", "JSON", "http://localhost:11434/v1", '{"top_k": 40}'}
"""The field's terms, which are the same in every language, and what is typed as it stands."""

UNDRAWN = {
    "cache_data",
    "chat_message",
    "components",
    "get_option",
    "switch_page",
    "Page",
    "query_params",
    "session_state",
}
"""Streamlit's names whose first argument is no text."""

SCREENS = [path for folder in ("components", "pages") for path in sorted((ROOT / folder).rglob("*.py"))]
SCRIPTS = sorted((ROOT / "components" / "frontend").rglob("*.js"))
EXAMPLES = {"Tell me a joke about {topic}", "joke about {topic}", "ice cream"}
"""The example that the playground opens with: a draft, which belongs to whoever edits it."""

_DIRECTIVE = re.compile(r":material/\w+:|:\w+\[")
_SENTENCE = re.compile(r"[A-Z][a-z]+ [a-z]+ [a-z]+|[a-z]+ [a-z]+ [a-z]+")
_SCRIPT_TEXT = re.compile(r"\"((?:[^\"\\\n]|\\.)*)\"|`([^`]*)`")


def bare_words(source: str) -> Iterator[str]:
    """Every literal of a module that a person would read, and no catalogue knows."""
    tree = ast.parse(source)
    quiet = {id(node) for root in _unread(tree) for node in ast.walk(root)}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            yield from (text for part in _drawn(call) for text in _letters(part, quiet))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in quiet and _is_sentence(node.value):
            yield str(node.value)


def _drawn(call: ast.Call) -> list[ast.expr]:
    """The arguments of a call of Streamlit's that end on the screen."""
    name = ast.unparse(call.func)
    if not name.startswith("st.") or name.split(".")[1] in UNDRAWN:
        return []
    return [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg in DRAWN)]


def _letters(part: ast.expr, quiet: set[int]) -> Iterator[str]:
    match part:
        case ast.Constant(value=str(text)) if id(part) not in quiet and text not in CODES:
            if re.search(r"[^\W\d_]", _DIRECTIVE.sub("", text)):
                yield text
        case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
            yield from (*_letters(one, quiet), *_letters(other, quiet))
        case ast.JoinedStr(values=parts) | ast.BoolOp(values=parts):
            yield from (text for inner in parts for text in _letters(inner, quiet))
        case ast.FormattedValue(value=inner):
            yield from _letters(inner, quiet)


def _is_sentence(value: object) -> bool:
    return isinstance(value, str) and bool(_SENTENCE.search(value)) and "\n" not in value and value not in EXAMPLES


def _unread(tree: ast.AST) -> Iterator[ast.AST]:
    """What the catalogue knows, and what only programmers see: docstrings, the log, the keys of a table."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant()):
                yield node
            case ast.Call(func=ast.Name(id=name)) if name in SAID:
                yield node
            case ast.Call(func=ast.Attribute(value=ast.Name(id="_log"))):
                yield node
            case ast.Dict(keys=keys):
                yield from (key for key in keys if key is not None)


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_screen_has_no_bare_words(path: Path) -> None:
    assert list(bare_words(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_of_a_live_view_gets_its_words_from_the_catalogue(path: Path) -> None:
    lines = [
        line.split("// ")[0]
        for line in path.read_text("utf-8").splitlines()
        if not line.lstrip().startswith(("*", "/*"))
    ]
    texts = [found[1] or found[2] or "" for line in lines for found in _SCRIPT_TEXT.finditer(line)]
    assert [text for text in texts if re.search(r"[A-Z][a-z]+ [a-z]|[a-z]{2,} [a-z]{2,} [a-z]{2,}", text)] == []


@pytest.mark.parametrize(
    "source",
    [
        "st.button('Run')",
        "st.button(_('Run'), help='Runs it')",
        "st.text_input(label='Find', placeholder=_('In names'))",
        "st.text_input(_('Find'), placeholder='names' if narrow else _('In names'))",
        "st.markdown(f\"**{_('Nothing')}** yet\")",
        "st.caption(':material/info: ' + 'why')",
        "st.column_config.TextColumn('when')",
        "words = {'lost': 'The connection was lost.'}",
        "raise InvalidField('the value is wrong')",
    ],
)
def test_bare_words_are_found(source: str) -> None:
    assert list(bare_words(source))


@pytest.mark.parametrize(
    "source",
    [
        "st.button(_('Run'), icon=':material/stop:', key='run_again now')",
        'st.markdown(f":small[:red[:material/error: **{plain(place)}**]]")',
        "st.caption(several('one run is kept', '{count} runs are kept', n))",
        "st.column_config.NumberColumn('TTFT', help=_('Time to first token'))",
        "st.caption(role)",
        "'''What this module draws.'''",
        "TABLE = {'a': mark('a value is missing')}",
    ],
)
def test_words_of_the_catalogue_are_not_complained_of(source: str) -> None:
    assert not list(bare_words(source))
