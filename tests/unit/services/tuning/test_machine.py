"""The machine is described from what the system says."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.inference import cpu_count
from services.tuning.machine import Machine, cpu_model, usable_cores


@pytest.mark.parametrize(
    ("quota", "expected"),
    [
        ("100000 100000", 1),
        ("50000 100000", 1),
        ("10000000 100000", cpu_count()),
        ("max 100000", cpu_count()),
    ],
)
def test_a_container_has_the_cores_it_is_given(tmp_path: Path, quota: str, expected: int) -> None:
    file = tmp_path / "cpu.max"
    file.write_text(f"{quota}\n", encoding="ascii")
    assert usable_cores(file) == expected


def test_without_a_container_all_cores_are_usable(tmp_path: Path) -> None:
    assert usable_cores(tmp_path / "none") == cpu_count()


def test_the_cpu_is_named(tmp_path: Path) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("processor\t: 0\nmodel name\t: Quick 9000\nmodel name\t: other\n", encoding="utf-8")
    assert cpu_model(info) == "Quick 9000"
    assert cpu_model(tmp_path / "none")


def test_a_look_finds_this_machine() -> None:
    machine = Machine.look()
    assert machine.cores == usable_cores()
    assert machine.memory_gib > 0
    assert machine.busy_cores >= 0
    assert {"numpy", "bentoml"} <= machine.versions.keys()
    assert all(machine.versions.values())
