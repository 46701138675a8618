from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from services.inference.pixel_budget import PixelBudget


async def test_who_does_not_fit_waits_for_what_is_given_back() -> None:
    budget = PixelBudget(100)
    await budget.take(60)
    second = asyncio.create_task(budget.take(50))
    third = asyncio.create_task(budget.take(10))
    await asyncio.sleep(0)
    assert (second.done(), third.done(), budget.lent) == (False, False, 60)
    budget.give_back(60)
    await asyncio.gather(second, third)
    assert budget.lent == 60


async def test_a_picture_larger_than_the_budget_passes_alone() -> None:
    budget = PixelBudget(100)
    await asyncio.wait_for(budget.take(500), 1)
    other = asyncio.create_task(budget.take(1))
    await asyncio.sleep(0)
    assert not other.done()
    budget.give_back(500)
    await other


async def test_a_cancelled_wait_takes_nothing_and_lets_the_next_pass() -> None:
    budget = PixelBudget(100)
    await budget.take(90)
    large = asyncio.create_task(budget.take(50))
    small = asyncio.create_task(budget.take(10))
    await asyncio.sleep(0)
    large.cancel()
    await asyncio.wait([large])
    await small
    assert budget.lent == 100


@settings(deadline=None)
@given(sizes=st.lists(st.integers(1, 150), max_size=20), cancelled=st.sets(st.integers(0, 19)))
async def test_the_budget_is_kept_and_returns_to_nothing(sizes: list[int], cancelled: set[int]) -> None:
    budget = PixelBudget(100)

    async def borrow(size: int) -> None:
        await budget.take(size)
        assert budget.lent <= 100 or budget.lent == size
        try:
            await asyncio.sleep(0)
        finally:
            budget.give_back(size)

    tasks = [asyncio.create_task(borrow(size)) for size in sizes]
    await asyncio.sleep(0)
    for index in cancelled & set(range(len(tasks))):
        tasks[index].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert budget.lent == 0


async def test_taking_at_once_never_passes_those_who_wait() -> None:
    budget = PixelBudget(100)
    assert budget.take_now(60)
    assert not budget.take_now(50)
    waiting = asyncio.create_task(budget.take(80))
    await asyncio.sleep(0)
    assert not budget.take_now(10)
    budget.give_back(60)
    await waiting
    assert (budget.take_now(10), budget.lent) == (True, 90)
