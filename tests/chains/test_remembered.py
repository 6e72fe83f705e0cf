"""Values that are remembered: made once while they are asked for, within a bound, and shared by all threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chains.images import to_uri
from chains.remembered import Remembered
from chains.spec import MessageSpec
from chains.templates import asks
from chains.templates.asks import Asks
from tests.support.pictures import weighing


def test_a_value_is_made_once_while_it_is_asked_for() -> None:
    kept: Remembered[str] = Remembered(10)
    assert kept.get("a", 5, lambda: "made") == "made"
    assert kept.get("a", 5, lambda: "again") == "made"


def test_those_used_last_stay_as_many_as_weigh_what_all_may() -> None:
    kept: Remembered[int] = Remembered(10)
    for key in ("a", "b", "a", "c"):
        kept.get(key, 5, lambda: 1)
    assert [kept.get(key, 5, lambda: 2) for key in ("a", "c", "b")] == [1, 1, 2]
    assert kept.get("huge", 11, lambda: 3) == 3
    assert kept.get("huge", 11, lambda: 4) == 4
    assert kept.get("b", 5, lambda: 5) == 2


def test_what_could_not_be_made_is_made_anew() -> None:
    kept: Remembered[float] = Remembered(10)
    with pytest.raises(ZeroDivisionError):
        kept.get("a", 5, lambda: 1 / 0)
    assert kept.get("a", 5, lambda: 2.0) == 2.0


def test_threads_may_ask_at_once() -> None:
    kept: Remembered[int] = Remembered(20)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: kept.get(n % 7, 5, lambda: n % 7), range(5_000)))
    assert found == [n % 7 for n in range(5_000)]


def test_what_a_prompt_asks_for_is_read_once_whatever_its_images_and_again_when_a_role_changes() -> None:
    def asked(role: str, *images: str) -> Asks:
        return asks.asks([MessageSpec.model_validate({"role": role, "template": "h", "images": images})], "f-string")

    assert asked("human") is asked("human", to_uri(weighing(300)))
    assert asked("human").placeholders == ()
    assert asked("placeholder").placeholders == ("h",)
