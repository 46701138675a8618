from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from prometheus_client import values

from services.host.metric_files import ReservedFile, reserve_metric_files

KEYS = [f"{number:04d}{'k' * 200}" for number in range(1000)]


def filled(path: Path) -> ReservedFile:
    metrics = ReservedFile(str(path))
    for number, key in enumerate(KEYS):
        metrics.write_value(key, float(number), 0.0)
    return metrics


def test_a_file_of_metrics_has_no_holes_however_it_grows(tmp_path: Path) -> None:
    path = tmp_path / "histogram_1.db"
    ReservedFile(str(path)).close()
    assert path.stat().st_blocks * 512 >= path.stat().st_size == 2**16
    metrics = filled(path)
    assert path.stat().st_blocks * 512 >= path.stat().st_size == 2**18
    metrics.close()
    stored = {key: value for key, value, _, _ in ReservedFile.read_all_values_from_file(str(path))}
    assert stored == {key: float(number) for number, key in enumerate(KEYS)}


def test_a_full_disk_stops_the_page_and_not_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    reserve = os.posix_fallocate

    def full(handle: int, start: int, size: int) -> None:
        if size == 2**17:  # there is room again when it grows next
            raise OSError(errno.ENOSPC, "No space left on device")
        reserve(handle, start, size)

    monkeypatch.setattr(os, "posix_fallocate", full)
    metrics = filled(tmp_path / "histogram_1.db")
    assert [metrics.read_value(key)[0] for key in KEYS] == list(range(1000))
    assert "/metrics stands still until a restart" in caplog.text
    metrics.close()


def test_the_library_makes_such_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "MmapedDict", values.MmapedDict)  # put back afterwards
    reserve_metric_files()
    assert values.MmapedDict is ReservedFile
