"""The machine is described from what the system says."""

from __future__ import annotations

from pathlib import Path

from services.inference.cores import cpu_count
from services.tuning.machine import Machine, cpu_model


def test_the_cpu_is_named(tmp_path: Path) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("processor\t: 0\nmodel name\t: Quick 9000\nmodel name\t: other\n", encoding="utf-8")
    assert cpu_model(info) == "Quick 9000"
    assert cpu_model(tmp_path / "none")


def test_an_inspection_finds_this_machine() -> None:
    machine = Machine.inspect()
    assert machine.cores == cpu_count()
    assert machine.memory_gib > 0
    assert machine.busy_cores >= 0
    assert {"numpy", "bentoml"} <= machine.versions.keys()
    assert all(machine.versions.values())
