"""Drafts in the store: each tab its own, opened by its browser alone, and never more than is wanted."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import JsonValue

from chains.documents.apart import apart
from runs.draft import MAX_CHARACTERS, Place
from runs.errors import NotKept
from runs.record import summarise
from runs.store import drafts
from runs.store.drafts import Drafts
from runs.store.store import Store
from tests.support.engines import age, opened, store_at
from tests.support.pictures import drawn, uri, weighing

DAY_S = 86_400.0
NEW = Place()


class Clock:
    """Says what it is told."""

    now = 1_000_000_000.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(store_at(tmp_path), tmp_path, summarise)
    yield made
    made.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(store: Store, clock: Clock) -> Drafts:
    return Drafts(store._reading, store._writing, clock)


def test_a_draft_comes_back_as_it_was_left(kept: Drafts) -> None:
    first = kept.keep("mine", apart('{"a": "한글"}'), run="", place=NEW)
    second = kept.keep("mine", apart('{"a": "한글!"}'), run="r", place=first)
    assert second.id == first.id
    found = kept.open("mine", first.id)
    assert found is not None
    assert (found.place, found.content, found.run) == (second, '{"a": "한글!"}', "r")


def test_another_browser_opens_nothing_of_it(kept: Drafts) -> None:
    place = kept.keep("mine", apart("{}"), run="", place=NEW)
    assert kept.open("yours", place.id) is None
    assert kept.latest("yours") is None
    assert kept.keep("yours", apart("[]"), run="", place=place).id != place.id
    found = kept.open("mine", place.id)
    assert found is not None
    assert found.content == "{}"


def test_two_tabs_with_one_draft_part_at_the_second_change(kept: Drafts) -> None:
    place = kept.keep("mine", apart("0"), run="", place=NEW)
    one = kept.keep("mine", apart("1"), run="", place=place)
    other = kept.keep("mine", apart("2"), run="", place=place)
    assert one.id == place.id
    assert other.id != place.id
    assert [kept.open("mine", each.id) is not None for each in (one, other)] == [True, True]


@pytest.mark.parametrize("began", [False, True])
def test_who_was_interrupted_before_he_knew_of_his_change_goes_on_with_one_draft(kept: Drafts, began: bool) -> None:
    place = replace(NEW, writer="me")
    if began:
        place = kept.keep("mine", apart("0"), run="", place=place)
    lost = kept.keep("mine", apart("1"), run="", place=place)
    again = kept.keep("mine", apart("2"), run="", place=place)
    assert (again.id, again.revision, again.writer) == (lost.id, lost.revision + 1, "me")
    other = kept.keep("mine", apart("3"), run="", place=replace(place, writer="another"))
    assert other.id != again.id
    assert kept.keep("yours", apart("4"), run="", place=place).id not in (again.id, other.id)
    found = kept.open("mine", again.id)
    assert found is not None
    assert found.content == "2"


def test_who_goes_on_with_what_another_wrote_takes_it_over(kept: Drafts) -> None:
    place = kept.keep("mine", apart("1"), run="", place=replace(NEW, writer="first"))
    mine = kept.keep("mine", apart("2"), run="", place=replace(place, writer="second"))
    assert mine.id == place.id
    assert kept.keep("mine", apart("3"), run="", place=place).id != place.id


def test_a_new_visit_finds_what_was_changed_last(kept: Drafts) -> None:
    first = kept.keep("mine", apart("1"), run="", place=NEW)
    kept.keep("mine", apart("2"), run="", place=NEW)
    kept.keep("mine", apart("1 again"), run="", place=first)
    found = kept.latest("mine")
    assert found is not None
    assert found.content == "1 again"


def test_the_oldest_of_a_browser_go(kept: Drafts) -> None:
    other = kept.keep("yours", apart("y"), run="", place=NEW)
    places = [kept.keep("mine", apart(str(n)), run="", place=NEW) for n in range(drafts.MOST + 2)]
    assert [kept.open("mine", place.id) is not None for place in places] == [False, False, *[True] * drafts.MOST]
    assert kept.open("yours", other.id) is not None


def test_what_nobody_touched_for_long_goes(kept: Drafts, clock: Clock) -> None:
    old = kept.keep("mine", apart("old"), run="", place=NEW)
    clock.now += 89 * DAY_S
    kept.keep("yours", apart("y"), run="", place=NEW)
    assert kept.open("mine", old.id) is not None
    clock.now += 2 * DAY_S
    kept.keep("yours", apart("y"), run="", place=NEW)
    assert kept.open("mine", old.id) is None


def test_all_drafts_together_are_bounded(kept: Drafts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MAX_STORED", 250)
    places = [kept.keep(f"browser {n}", apart("x" * 100), run="", place=NEW) for n in range(3)]
    assert [kept.open(f"browser {n}", place.id) is not None for n, place in enumerate(places)] == [False, True, True]


def test_the_drafts_of_one_browser_make_its_own_oldest_go_and_none_of_another(
    kept: Drafts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MAX_SHARE", 30_000)
    monkeypatch.setattr(drafts, "MAX_STORED", 45_000)
    other = kept.keep("yours", apart(json.dumps([uri(weighing(9_000))])), run="", place=NEW)
    places = [
        kept.keep("mine", apart(json.dumps([uri(weighing(10_000 + number))])), run="", place=NEW) for number in range(4)
    ]
    assert [kept.open("mine", place.id) is not None for place in places] == [False, False, True, True]
    assert kept.open("yours", other.id) is not None


def test_one_that_is_too_large_is_not_kept(kept: Drafts) -> None:
    with pytest.raises(NotKept):
        kept.keep("mine", apart("x" * (MAX_CHARACTERS + 1)), run="", place=NEW)
    assert kept.latest("mine") is None


def test_a_database_that_refuses_is_said(kept: Drafts, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "playground.sqlite3") as connection:
        connection.execute("DROP TABLE drafts")
    with pytest.raises(NotKept):
        kept.keep("mine", apart("{}"), run="", place=NEW)


def test_the_database_does_not_know_whose_it_is(kept: Drafts, tmp_path: Path) -> None:
    kept.keep("a-secret-of-the-browser", apart("{}"), run="", place=NEW)
    with sqlite3.connect(tmp_path / "playground.sqlite3") as connection:
        assert "a-secret-of-the-browser" not in str(connection.execute("SELECT * FROM drafts").fetchall())


def test_a_draft_of_before_writers_is_gone_on_with(tmp_path: Path) -> None:
    with opened(tmp_path) as engine:
        place = engine.drafts.keep("mine", apart("1"), run="", place=NEW)
    age(tmp_path, "0005")
    with opened(tmp_path) as engine:
        assert engine.drafts.keep("mine", apart("2"), run="", place=replace(place, writer="me")).id == place.id


def test_images_are_kept_once_and_go_with_the_last_who_has_them(kept: Drafts, tmp_path: Path) -> None:
    one, other = (uri(drawn(size=(size, 4))) for size in (4, 5))
    place = kept.keep("mine", apart(json.dumps([one, other])), run="", place=NEW)
    second = kept.keep("yours", apart(json.dumps([one])), run="", place=NEW)
    assert _opened(kept, "mine", place) == [one, other]
    assert _images(tmp_path) == 2
    place = kept.keep("mine", apart(json.dumps([one])), run="", place=place)
    assert (_opened(kept, "mine", place), _images(tmp_path)) == ([one], 1)
    kept.keep("mine", apart("[]"), run="", place=place)
    assert _opened(kept, "yours", second) == [one]
    kept.keep("yours", apart("[]"), run="", place=second)
    assert _images(tmp_path) == 0


def test_images_count_where_all_drafts_are_bounded(
    kept: Drafts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = [uri(weighing(10_000 + n)) for n in range(3)]
    monkeypatch.setattr(drafts, "MAX_STORED", 2 * len(large[0]) + 500)
    for browser in ("a", "b"):
        kept.keep(browser, apart(json.dumps([large[0]])), run="", place=NEW)
    place = kept.keep("c", apart(json.dumps([large[1]])), run="", place=NEW)
    assert [kept.latest(browser) is not None for browser in "abc"] == [True, True, True]
    kept.keep("c", apart(json.dumps([large[1], large[2]])), run="", place=place)
    assert [kept.latest(browser) is not None for browser in "abc"] == [False, False, True]
    assert _images(tmp_path) == 2


def _opened(kept: Drafts, browser: str, place: Place) -> JsonValue:
    found = kept.open(browser, place.id)
    assert found is not None
    held: JsonValue = json.loads(found.content)
    return held


def _images(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "playground.sqlite3")) as store:
        return int(store.execute("SELECT count(*) FROM images").fetchone()[0])
