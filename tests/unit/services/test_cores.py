from __future__ import annotations

import os
from pathlib import Path

import pytest

from services.cores import cpu_count


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
