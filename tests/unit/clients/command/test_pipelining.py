from __future__ import annotations

import asyncio

import pytest

from armoire import ArmoireError, NotFound, Unavailable
from armoire.command.pipelining import in_order
from tests.turns import turn


class Work:
    """Finishes later inputs sooner, and remembers how much was under way at once."""

    def __init__(self) -> None:
        self.running = 0
        self.most = 0
        self.cancelled = 0

    async def square(self, number: int) -> int:
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            for _ in range(10 - number):
                await turn()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.running -= 1
        if number == 2:
            raise NotFound("two")
        if number == 7:
            raise Unavailable("down")
        return number * number


async def test_order_concurrency_and_errors() -> None:
    work = Work()
    outcomes = [outcome async for outcome in in_order(work.square, range(6), 3)]
    assert [number for number, _ in outcomes] == [0, 1, 2, 3, 4, 5]
    assert isinstance(outcomes[2][1], ArmoireError)
    assert [result for _, result in outcomes if isinstance(result, int)] == [0, 1, 9, 16, 25]
    assert work.most == 3


async def test_an_error_that_concerns_all_ends_the_work() -> None:
    work = Work()
    with pytest.raises(Unavailable):
        async for _ in in_order(work.square, [7, 0, 1, 3, 4], 3):
            pass
    assert (work.running, work.cancelled) == (0, 2)
