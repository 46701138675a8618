from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.inference.cores import BULK_NICENESS, cpu_count, lower_priority


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (1.0, 1),
        (0.5, 1),
        (1.99, 1),
        (100.0, len(os.sched_getaffinity(0))),
        (None, len(os.sched_getaffinity(0))),
    ],
)
def test_a_container_has_the_whole_cores_it_is_given(limit: float | None, expected: int) -> None:
    assert cpu_count(lambda: limit) == expected


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a niceness of their own on Linux only")
def test_a_thread_that_gives_way_leaves_the_others_as_they_are() -> None:
    with ThreadPoolExecutor(1, initializer=lower_priority, initargs=(BULK_NICENESS,)) as thread:
        its = thread.submit(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id())).result()
    assert its == max(BULK_NICENESS, os.nice(0))
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == os.nice(0)
