"""What the container of this process lets it use: the limits of its control group.

Both versions of control groups are read. Source: kernel documentation, "Control Group v2" (cpu.max,
memory.max, memory.current, memory.stat), and "CFS Bandwidth Control" and "Memory Resource Controller" of
version 1.
"""

from __future__ import annotations

from pathlib import Path

CGROUP = Path("/sys/fs/cgroup")


def cpu_limit(cgroup: Path = CGROUP) -> float | None:
    """How many cores' worth of time the container gets; None if it has no limit."""
    share, period = (_words(cgroup / "cpu.max") or _cpu_limit_v1(cgroup / "cpu") or ["max", ""])[:2]
    return int(share) / int(period) if share.isdigit() and period.isdigit() else None


def free_memory(cgroup: Path = CGROUP) -> int | None:
    """How many bytes the container may still take; None if it has no limit.

    Cached pages of files count as free, since the kernel drops them when memory is wanted.
    """
    limit = _number(cgroup / "memory.max")
    if limit is not None:
        return _rest(limit, cgroup / "memory.current", cgroup / "memory.stat", "inactive_file")
    v1 = cgroup / "memory"
    limit = _number(v1 / "memory.limit_in_bytes")
    if limit is not None:
        return _rest(limit, v1 / "memory.usage_in_bytes", v1 / "memory.stat", "total_inactive_file")
    return None


def _cpu_limit_v1(folder: Path) -> list[str]:
    return _words(folder / "cpu.cfs_quota_us") + _words(folder / "cpu.cfs_period_us")


def _rest(limit: int, used: Path, stat: Path, cached: str) -> int:
    words = _words(stat)
    values = dict(zip(words[::2], words[1::2], strict=False))
    return max(0, limit - (_number(used) or 0) + int(values.get(cached, 0)))


def _number(file: Path) -> int | None:
    """What a file says; None if it does not exist, or is "max"."""
    words = _words(file)
    return int(words[0]) if words and words[0].isdigit() else None


def _words(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return []
