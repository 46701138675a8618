from __future__ import annotations

import asyncio
from concurrent.futures import Future

from hypothesis import given, settings
from hypothesis import strategies as st

from services.inference.pipeline.pixel_budget import PixelBudget, PixelPermit
from tests.turns import begun, turn


async def test_what_does_not_fit_waits_for_a_release() -> None:
    budget = PixelBudget(100)
    await budget.acquire(60)
    second = await begun(budget.acquire(50))
    third = await begun(budget.acquire(10))
    assert (second.done(), third.done(), budget.in_use) == (False, False, 60)
    budget.release(60)
    await asyncio.gather(second, third)
    assert budget.in_use == 60


async def test_a_picture_larger_than_the_budget_passes_alone() -> None:
    budget = PixelBudget(100)
    await budget.acquire(500)
    other = await begun(budget.acquire(1))
    assert not other.done()
    budget.release(500)
    await other


async def test_a_cancelled_wait_takes_nothing_and_lets_the_next_pass() -> None:
    budget = PixelBudget(100)
    await budget.acquire(90)
    large = await begun(budget.acquire(50))
    small = await begun(budget.acquire(10))
    large.cancel()
    await asyncio.wait([large])
    await small
    assert budget.in_use == 100


@settings(deadline=None)
@given(
    photos=st.lists(st.tuples(st.integers(1, 150), st.booleans()), max_size=20),
    cancelled=st.sets(st.integers(0, 19)),
)
async def test_the_budget_is_kept_and_returns_to_nothing(
    photos: list[tuple[int, bool]], cancelled: set[int]
) -> None:
    budget = PixelBudget(100)

    async def borrow(size: int, bulk: bool) -> None:
        if not budget.try_acquire(size, bulk=bulk):
            await budget.acquire(size, bulk=bulk)
        assert budget.in_use <= 100 or budget.in_use == size
        try:
            await turn()
        finally:
            budget.release(size)

    tasks = [asyncio.create_task(borrow(size, bulk)) for size, bulk in photos]
    await turn()
    for index in cancelled & set(range(len(tasks))):
        tasks[index].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await turn()
    assert (budget.in_use, budget.waiting) == (0, 0)


async def test_trying_to_acquire_never_passes_those_who_wait() -> None:
    budget = PixelBudget(100)
    assert budget.try_acquire(60)
    assert not budget.try_acquire(50)
    waiting = await begun(budget.acquire(80))
    assert not budget.try_acquire(10)
    budget.release(60)
    await waiting
    assert (budget.try_acquire(10), budget.in_use) == (True, 90)


async def test_interactive_photos_pass_bulk_photos_that_wait() -> None:
    budget = PixelBudget(100)
    assert budget.try_acquire(60)
    bulk = await begun(budget.acquire(80, bulk=True))
    assert budget.try_acquire(30)
    assert not budget.try_acquire(10, bulk=True)
    interactive = await begun(budget.acquire(50))
    assert not bulk.done()
    budget.release(60)
    await interactive
    assert (bulk.done(), budget.in_use) == (False, 80)
    budget.release(80)
    await bulk
    assert budget.in_use == 80


async def test_a_bulk_photo_is_admitted_after_eight_interactive_photos() -> None:
    budget = PixelBudget(100)
    await budget.acquire(100)
    bulk = await begun(budget.acquire(50, bulk=True))
    order: list[str] = []
    bulk.add_done_callback(lambda _: order.append("bulk"))
    interactive = [await begun(budget.acquire(100)) for _ in range(10)]
    for task in interactive:
        task.add_done_callback(lambda _: order.append("interactive"))
    for admitted, released in enumerate([100] * 9 + [50, 100]):
        budget.release(released)
        while len(order) == admitted:
            await turn()
    assert order == ["interactive"] * 8 + ["bulk"] + ["interactive"] * 2


async def test_trying_to_acquire_never_passes_a_bulk_photo_that_is_due() -> None:
    budget = PixelBudget(100)
    assert budget.try_acquire(60)
    bulk = await begun(budget.acquire(50, bulk=True))
    passed = [budget.try_acquire(1) for _ in range(9)]
    assert passed == [True] * 8 + [False]
    budget.release(60)
    await bulk
    assert (budget.try_acquire(1), budget.in_use) == (True, 59)


def test_a_permit_is_given_back_after_the_last_of_its_futures() -> None:
    budget, futures = PixelBudget(100), [Future[None](), Future[None]()]
    permit = PixelPermit(budget)
    assert permit.try_acquire(80)
    for future in futures:
        permit.retain_until_done(future)
    futures[0].set_result(None)
    permit.release()
    assert budget.in_use == 80
    futures[1].set_exception(ValueError("odd"))
    assert budget.in_use == 0


def test_pixels_acquired_after_the_release_are_given_back_when_the_future_is_done() -> None:
    budget, future = PixelBudget(100), Future[None]()
    permit = PixelPermit(budget)
    permit.retain_until_done(future)
    permit.release()
    assert permit.try_acquire(80)
    future.set_result(None)
    assert budget.in_use == 0


async def test_a_release_on_another_thread_admits_those_who_wait() -> None:
    budget = PixelBudget(100)
    assert budget.try_acquire(100)
    waiting = await begun(budget.acquire(50))
    await asyncio.to_thread(budget.release, 100)
    await waiting
    assert budget.in_use == 50


async def test_a_call_of_many_photos_lets_the_photo_of_another_go_first() -> None:
    budget = PixelBudget(100)
    assert budget.try_acquire(90, owner="many")
    many = [await begun(budget.acquire(90, owner="many")) for _ in range(3)]
    other = await begun(budget.acquire(50, owner="other"))
    budget.release(90)
    await other
    assert not any(each.done() for each in many)
    budget.release(50)
    for each in many:
        await each
        budget.release(90)
    assert (budget.in_use, budget.waiting) == (0, 0)


async def test_a_small_photo_of_another_call_need_not_wait_for_room_for_a_large_one() -> None:
    budget = PixelBudget(100)
    assert budget.try_acquire(90, owner="many")
    large = await begun(budget.acquire(90, owner="many"))
    await budget.acquire(10, owner="other")
    assert (large.done(), budget.in_use) == (False, 100)
    budget.release(90)
    budget.release(10)
    await large
