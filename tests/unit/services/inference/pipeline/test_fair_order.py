from __future__ import annotations

from services.inference.pipeline.fair_order import FairOrder


def test_owners_take_turns_by_what_their_photos_cost() -> None:
    order = FairOrder()
    starts = [(order.next_start("many", 100), f"many {index}") for index in range(3)]
    starts += [(order.next_start("few", 50), f"few {index}") for index in range(3)]
    assert [name for _, name in sorted(starts, key=lambda each: each[0])] == [
        "many 0",
        "few 0",
        "few 1",
        "many 1",
        "few 2",
        "many 2",
    ]


def test_who_comes_late_starts_now_so_that_nobody_waits_for_ever() -> None:
    order = FairOrder()
    starts = [order.next_start("many", 100) for _ in range(3)]
    order.admit(starts[1])
    late = [order.next_start(f"late {index}", 100) for index in range(5)]
    assert late == [starts[1]] * 5
    assert order.next_start("late 0", 100) >= starts[2]


def test_owners_of_the_past_are_forgotten() -> None:
    order = FairOrder()
    for index in range(10_000):
        order.admit(order.next_start(f"owner {index}", 1))
        order.admit(order.next_start("steady", 1))
    assert len(order) < 2000
