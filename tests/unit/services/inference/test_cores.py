from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.inference.cores import BULK_NICENESS, cpu_count, lower_priority


@pytest.mark.parametrize(
    ("quota", "expected"),
    [
        ("100000 100000", 1),
        ("50000 100000", 1),
        ("199000 100000", 1),
        ("10000000 100000", len(os.sched_getaffinity(0))),
        ("max 100000", len(os.sched_getaffinity(0))),
    ],
)
def test_a_container_has_the_whole_cores_it_is_given(tmp_path: Path, quota: str, expected: int) -> None:
    file = tmp_path / "cpu.max"
    file.write_text(f"{quota}\n", encoding="ascii")
    assert cpu_count(file) == expected


def test_without_a_container_all_cores_are_usable(tmp_path: Path) -> None:
    assert cpu_count(tmp_path / "none") == len(os.sched_getaffinity(0))


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a niceness of their own on Linux only")
def test_a_thread_that_gives_way_leaves_the_others_as_they_are() -> None:
    with ThreadPoolExecutor(1, initializer=lower_priority, initargs=(BULK_NICENESS,)) as thread:
        its = thread.submit(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id())).result()
    assert its == max(BULK_NICENESS, os.nice(0))
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == os.nice(0)
