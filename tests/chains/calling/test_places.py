"""Places are taken in the order in which they were asked for, all that one call wants or none; none stays empty."""

import asyncio

import pytest

from chains.calling.places import Places


async def test_places_are_bounded_and_the_first_who_waits_comes_first() -> None:
    places, begun = Places(3), list[int]()

    async def carry(number: int, count: int) -> None:
        async with places.held(count):
            begun.append(number)
            await asyncio.sleep(0)
            assert places.taken <= 3

    await asyncio.gather(*(carry(number, count) for number, count in enumerate((2, 2, 2, 3, 3))))
    assert (begun, places.taken) == ([0, 1, 2, 3, 4], 0)


async def test_a_free_place_is_taken_while_somebody_waits_for_several() -> None:
    places = Places(4)
    await places.take()
    many = asyncio.create_task(places.take(4))
    await asyncio.sleep(0)
    await asyncio.wait_for(places.take(), 1)
    assert not many.done()
    places.give(2)
    await asyncio.wait_for(many, 1)


async def test_who_waits_for_several_is_overtaken_only_so_often() -> None:
    places = Places(4)
    await places.take(3)
    many = asyncio.create_task(places.take(2))
    await asyncio.sleep(0)
    for _ in range(4):
        await asyncio.wait_for(places.take(), 1)
        places.give()
    late = asyncio.create_task(places.take())
    await asyncio.sleep(0)
    assert (many.done(), late.done()) == (False, False)
    places.give()
    await asyncio.wait_for(asyncio.gather(many), 1)
    assert not late.done()
    places.give()
    await asyncio.wait_for(late, 1)


async def test_who_wants_more_than_there_are_gets_all_of_them() -> None:
    places = Places(2)
    await asyncio.wait_for(places.take(5), 1)
    assert places.taken == 2
    places.give(5)
    assert places.taken == 0


@pytest.mark.parametrize("late", [False, True], ids=["while it waits", "as it is admitted"])
async def test_a_cancelled_wait_takes_no_place_and_holds_up_nobody(late: bool) -> None:
    places = Places(2)
    await places.take(2)
    waits, after = asyncio.create_task(places.take(2)), asyncio.create_task(places.take())
    await asyncio.sleep(0)
    if late:
        places.give(2)
    assert not after.done()
    waits.cancel()
    await asyncio.gather(waits, return_exceptions=True)
    if not late:
        places.give()
    await asyncio.wait_for(after, 1)
    assert places.taken == (1 if late else 2)
