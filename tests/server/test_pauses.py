"""What holds up the whole process is kept short while it serves, and is as before afterwards."""

import gc
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from server.pauses import MODULES, SWITCH_S, short_pauses


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    gc.unfreeze()
    yield
    gc.unfreeze()


def imported(monkeypatch: pytest.MonkeyPatch, count: int, name: str) -> None:
    for number in range(count):
        monkeypatch.setitem(sys.modules, f"{name}{number}", ModuleType(name))


def test_threads_switch_sooner_while_it_lasts() -> None:
    before = sys.getswitchinterval()
    with short_pauses():
        assert sys.getswitchinterval() == pytest.approx(SWITCH_S)
    assert sys.getswitchinterval() == before


def test_many_imports_are_walked_once_more_and_then_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    with short_pauses():
        imported(monkeypatch, MODULES - 1, "few")
        gc.collect()
        assert gc.get_freeze_count() == 0
        imported(monkeypatch, 1, "another")
        gc.collect(1)
        assert gc.get_freeze_count() == 0
        gc.collect()
        assert gc.get_freeze_count() > MODULES


def test_what_comes_after_a_freeze_is_collected_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    with short_pauses():
        imported(monkeypatch, MODULES, "many")
        gc.collect()
        frozen = gc.get_freeze_count()
        imported(monkeypatch, MODULES - 1, "few")
        gc.collect()
        assert gc.get_freeze_count() <= frozen


def test_nothing_is_frozen_when_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with short_pauses():
        pass
    imported(monkeypatch, MODULES, "later")
    gc.collect()
    assert gc.get_freeze_count() == 0
