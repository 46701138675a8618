"""Files as the kernel writes them, of both versions of control groups."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.inference.container_limits import cpu_limit, free_memory

MB = 1_000_000


def write(folder: Path, **files: str) -> Path:
    """Files by name, with "__" for the slash and "_of_" for the dot."""
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_of_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{text}\n", encoding="ascii")
    return folder


@pytest.mark.parametrize(("text", "expected"), [("150000 100000", 1.5), ("max 100000", None)])
def test_cores_of_version_2(tmp_path: Path, text: str, expected: float | None) -> None:
    assert cpu_limit(write(tmp_path, cpu_of_max=text)) == expected


@pytest.mark.parametrize(("quota", "expected"), [("250000", 2.5), ("-1", None)])
def test_cores_of_version_1(tmp_path: Path, quota: str, expected: float | None) -> None:
    write(tmp_path, cpu__cpu_of_cfs_quota_us=quota, cpu__cpu_of_cfs_period_us="100000")
    assert cpu_limit(tmp_path) == expected


def test_memory_of_version_2_without_cached_files(tmp_path: Path) -> None:
    write(tmp_path, memory_of_max=str(30 * MB), memory_of_current=str(25 * MB))
    assert free_memory(tmp_path) == 5 * MB
    write(tmp_path, memory_of_stat=f"anon {9 * MB}\nfile {16 * MB}\nactive_file 0\ninactive_file {10 * MB}")
    assert free_memory(tmp_path) == 15 * MB
    write(tmp_path, memory_of_max="max")
    assert free_memory(tmp_path) is None


def test_memory_of_version_1_without_cached_files(tmp_path: Path) -> None:
    write(tmp_path, memory__memory_of_limit_in_bytes=str(30 * MB))
    write(tmp_path, memory__memory_of_usage_in_bytes=str(40 * MB))
    assert free_memory(tmp_path) == 0
    write(tmp_path, memory__memory_of_stat=f"cache 1\ninactive_file 7\ntotal_inactive_file {15 * MB}")
    assert free_memory(tmp_path) == 5 * MB


def test_outside_of_a_container_nothing_is_limited(tmp_path: Path) -> None:
    assert (cpu_limit(tmp_path), free_memory(tmp_path)) == (None, None)
