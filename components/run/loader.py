"""Mounts our ES modules as components: a few lines go through the page's socket, the rest is at /assets."""

import json

import streamlit as st


def module_url(name: str) -> str:
    """JavaScript for the address of one of our modules, below the server's base path."""
    base = st.get_option("server.baseUrlPath").strip("/")
    path = f"/{base}/assets/{name}" if base else f"/assets/{name}"
    return f"new URL({json.dumps(path)}, location.origin).href"
