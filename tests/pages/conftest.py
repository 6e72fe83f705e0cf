"""The app's script as Streamlit runs it, on a store of its own."""

from tests.components.app import app, fresh

__all__ = ["app", "fresh"]
