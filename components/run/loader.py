"""Mounts our ES modules as components: a few lines go through the page's socket, the rest is at /assets."""

import json
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
