"""The app's script under AppTest, with an engine and settings that are made anew for each test."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX
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


def write(app: AppTest, template: str, row: int = 0, of: str = "") -> AppTest:
    """Types a template into a message in place of what stands there; `of` is what the keys of a branch begin with."""
    return begin_to_write(app, template, row, of).run()


def begin_to_write(app: AppTest, template: str, row: int = 0, of: str = "") -> AppTest:
    """The same, told with whatever comes next."""
    told = editor(app, f"{of}template_{row}")
    app.session_state[f"{of}template_{row}"] = {"edit": {"text": template, "of": told["revision"]}}
    return app


def templates(app: AppTest, of: str = "") -> list[str]:
    """The texts of the messages on the form, in order."""
    found = [str(view.key) for view in app.get("bidi_component") if isinstance(view, Element)]
    rows = sorted(key for key in found if re.fullmatch(rf"{of}template_\d+", key))
    return [str(editor(app, key)["text"]) for key in rows]


def editor(app: AppTest, key: str) -> Json:
    """What the editor of a template was given."""
    (mounted,) = [view for view in app.get("bidi_component") if isinstance(view, Element) and view.key == key]
    given: Json = json.loads(mounted.proto.json)[0]
    return given


def tell(app: AppTest, key: str, event: str, value: Json) -> AppTest:
    """What a component of ours tells the script once, by a trigger."""
    (mounted,) = [view for view in app.get("bidi_component") if isinstance(view, Element) and view.key == key]
    states = app._tree.get_widget_states()
    told = states.widgets.add(id=f"{STREAMLIT_INTERNAL_KEY_PREFIX}_{mounted.proto.id}__events")
    told.json_trigger_value = json.dumps([{"event": event, "value": value}])
    return app._run(states)


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
