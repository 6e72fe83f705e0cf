"""Places are taken in the order in which they were asked for, all that one call wants or none."""

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

    await asyncio.gather(*(carry(number, count) for number, count in enumerate((2, 2, 1, 3, 1))))
    assert (begun, places.taken) == ([0, 1, 2, 3, 4], 0)


async def test_who_wants_more_than_there_are_gets_all_of_them() -> None:
    places = Places(2)
    await asyncio.wait_for(places.take(5), 1)
    assert places.taken == 2
    places.give(5)
    assert places.taken == 0


@pytest.mark.parametrize("late", [False, True], ids=["while it waits", "as it is admitted"])
async def test_a_cancelled_wait_takes_no_place_and_holds_up_nobody(late: bool) -> None:
    places = Places(2)
    await places.take()
    waits, after = asyncio.create_task(places.take(2)), asyncio.create_task(places.take())
    await asyncio.sleep(0)
    assert not after.done()
    if late:
        places.give()
    waits.cancel()
    await asyncio.gather(waits, return_exceptions=True)
    await asyncio.wait_for(after, 1)
    assert places.taken == (1 if late else 2)
