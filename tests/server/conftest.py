"""A served app over an engine of its own, and a provider for it. One server serves all tests but those that end it."""

from collections.abc import Iterator

import pytest

from runs.engine import Engine
from tests.support.fixtures import engine, provider
from tests.support.served import Served, over, serving

__all__ = ["engine", "provider", "served"]


@pytest.fixture(scope="session")
def server() -> Iterator[Served]:
    with serving() as made:
        yield made


@pytest.fixture
def served(server: Served, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    with over(server, engine, monkeypatch) as made:
        yield made


@pytest.fixture
def ending(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A served app that a test may end."""
    with serving() as server, over(server, engine, monkeypatch) as made:
        yield made
