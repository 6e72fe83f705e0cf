"""Instants as the reader's clock shows them."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st


def said(created: float) -> str:
    """Seconds since 1970 as date and time in the browser's time zone, to the second; UTC where that is not known."""
    return datetime.fromtimestamp(created, _zone()).strftime("%Y-%m-%d %H:%M:%S")


def _zone() -> tzinfo:
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
