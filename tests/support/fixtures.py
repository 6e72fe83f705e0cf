"""Fixtures that the tests of several folders share: a provider on loopback, an engine on a store of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from runs.engine import Engine
from tests.support.behaviours import SCRIPT
from tests.support.engines import opened
from tests.support.provider import Provider, serving


@pytest.fixture
def provider() -> Iterator[Provider]:
    with serving(SCRIPT) as server:
        yield server


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with opened(tmp_path) as made:
        yield made
