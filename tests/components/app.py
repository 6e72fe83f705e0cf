"""The app's script under AppTest, with an engine and settings that are made anew for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element

import runs.opened
import settings
from chains.spec import RunRequest
from runs.opened import engine
from tests.support.playground import ROOT, Json, wait_until

PLAYGROUND = "pages/playground.py"
RUNS = "pages/runs.py"
CHAT = "pages/chat.py"
LIBRARY = "pages/library.py"


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Settings and engine of this test alone."""
    monkeypatch.setenv("PLAYGROUND_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("OPENAI_API_KEY", "")
    forget()
    yield
    forget()


@pytest.fixture
def app(fresh: None) -> AppTest:
    """The playground at its first opening, not yet run."""
    return AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=20)


def forget() -> None:
    """Closes the engine and forgets the settings: the next use reads and opens them anew."""
    if runs.opened._engine.cache_info().currsize:
        engine().close()
    runs.opened._engine.cache_clear()
    settings.settings.cache_clear()


def said(app: AppTest) -> str:
    """All sentences on the page, unescaped as a reader sees them."""
    elements = [*app.markdown, *app.caption, *app.error, *app.toast]
    return "\n".join(str(element.value).replace("\\", "") for element in elements)


def fields(app: AppTest) -> dict[str, str]:
    """The fields for variables, by label as a reader sees it, with what is in them."""
    found = [area for area in app.text_area if str(area.key).startswith("var_")]
    return {area.label.replace("\\", ""): str(area.value or "") for area in found}


def write(app: AppTest, template: str, row: int = 0) -> AppTest:
    """Puts a template into a message."""
    return app.text_area(key=f"template_{row}").set_value(template).run()


def run_of(app: AppTest) -> str:
    """The run that the page's address names."""
    return "".join(app.query_params["run"])


def views(app: AppTest) -> list[Element]:
    """The views of runs that are mounted."""
    return [view for view in app.get("bidi_component") if isinstance(view, Element) and str(view.key).endswith("_view")]


def ready(app: AppTest) -> bool:
    """Whether Run can be pressed."""
    return not app.button(key="run").disabled


def kept(asked: Json) -> str:
    """A run of the engine that has come to its end and is listed with it."""
    run = engine().start(RunRequest.model_validate(asked))
    wait_until(lambda: engine().log(run).ended)
    return run
