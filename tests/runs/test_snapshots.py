"""Snapshots in the store: kept once, found by their id, and never more than is wanted."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from runs.errors import NotKept, UnknownSnapshot
from runs.record import summarise
from runs.store import snapshots
from runs.store.snapshots import Snapshots
from runs.store.store import Store
from tests.support.engines import store_at
from tests.support.pictures import uri, weighing


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Snapshots]:
    store = Store(store_at(tmp_path), tmp_path, summarise)
    yield store.snapshots
    store.close()


def is_kept(kept: Snapshots, snapshot: str) -> bool:
    try:
        kept.open(snapshot)
    except UnknownSnapshot:
        return False
    return True


def test_a_snapshot_is_found_by_its_id(kept: Snapshots) -> None:
    found = kept.keep('{"a": "한글"}')
    assert len(found) == 22
    assert kept.open(found) == '{"a": "한글"}'


def test_the_same_text_is_kept_once(kept: Snapshots) -> None:
    assert kept.keep("a") == kept.keep("a") != kept.keep("b")


def test_an_unknown_one_is_said_to_be(kept: Snapshots) -> None:
    with pytest.raises(UnknownSnapshot):
        kept.open("no-such-snapshot")


def test_one_that_is_too_large_is_refused(kept: Snapshots) -> None:
    with pytest.raises(NotKept):
        kept.keep("x" * (snapshots.MAX_CHARACTERS + 1))


@pytest.mark.parametrize(("limit", "value"), [("MOST", 2), ("MAX_STORED", 250)])
def test_the_oldest_go(kept: Snapshots, monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    monkeypatch.setattr(snapshots, limit, value)
    made = [kept.keep(letter * 100) for letter in "abc"]
    assert [is_kept(kept, snapshot) for snapshot in made] == [False, True, True]


def test_what_is_shared_again_is_the_newest(kept: Snapshots, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MOST", 2)
    instants = iter(range(9))
    monkeypatch.setattr(kept, "_clock", lambda: float(next(instants)))
    old, other = kept.keep("old"), kept.keep("other")
    assert kept.keep("old") == old
    kept.keep("newer")
    assert (is_kept(kept, old), is_kept(kept, other)) == (True, False)


def test_a_database_that_refuses_is_said(kept: Snapshots, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "playground.sqlite3") as connection:
        connection.execute("DROP TABLE snapshots")
    with pytest.raises(NotKept):
        kept.keep("a")


def test_images_make_no_older_link_go_that_has_none(kept: Snapshots, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MAX_IMAGES_STORED", 30_000)
    texts = [kept.keep(f"text {number}") for number in range(3)]
    made = [kept.keep(json.dumps([uri(weighing(10_000 + number))])) for number in range(4)]
    assert all(is_kept(kept, text) for text in texts)
    assert [is_kept(kept, each) for each in made] == [False, False, True, True]


def test_images_come_back_and_go_with_their_snapshot(kept: Snapshots, monkeypatch: pytest.MonkeyPatch) -> None:
    large = [uri(weighing(10_000 + n)) for n in range(2)]
    first = kept.keep(json.dumps([large[0]]))
    assert json.loads(kept.open(first)) == [large[0]]
    assert kept.keep(json.dumps([large[0]])) == first
    monkeypatch.setattr(snapshots, "MAX_IMAGES_STORED", len(large[0]) + 500)
    second = kept.keep(json.dumps([large[1]]))
    assert (is_kept(kept, first), json.loads(kept.open(second))) == (False, [large[1]])
