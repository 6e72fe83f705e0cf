"""Mounts our ES modules as components: a few lines go through the page's socket, the rest is at /assets."""

import json
from collections.abc import Mapping
from pathlib import Path

import streamlit as st

FRONTEND = Path(__file__).parent.parent / "frontend"


def styles(*names: str) -> str:
    """Our style sheets as one text for `css=`."""
    # The first line must be empty: Streamlit takes one line with a star for a path.
    return "\n".join(("", *((FRONTEND / name).read_text("utf-8") for name in names)))


def module_url(name: str) -> str:
    """JavaScript for the address of one of our modules, below the server's base path."""
    base = st.get_option("server.baseUrlPath").strip("/")
    path = f"/{base}/assets/{name}" if base else f"/assets/{name}"
    return f"new URL({json.dumps(path)}, location.origin).href"


def view(name: str) -> str:
    """JavaScript of a component whose module has `show`, for each time that it is drawn, and `leave`, for its end.

    It takes its data as `whole` gives them.
    """
    return f"""
const view = import({module_url(name)});
export default function (component) {{
  const root = component.parentElement;
  const given = {{ ...component, data: component.data[0] }};
  view.then((loaded) => loaded.show(given));
  return () => void view.then((loaded) => loaded.leave(root));
}}
"""


def whole(data: Mapping[str, object]) -> tuple[Mapping[str, object]]:
    """Data for a component.

    A bare mapping Streamlit searches for data frames, and loads pandas for that: 80 MB and half a second.
    """
    return (data,)
