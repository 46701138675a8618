"""Samples the stacks of this process's Python threads, and the CPU time that each used meanwhile."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import TypeAlias

NATIVE = "threads without Python"
"""Threads of native libraries, such as those of gRPC and onnxruntime."""
Stack: TypeAlias = tuple[CodeType, ...]
"""From the outermost function to the innermost."""


@dataclass(slots=True, eq=False)
class Profile:
    """Attributes:
    seconds: of CPU, by the name of the thread and the stack that was seen.
    cpu_s: of the whole process, native threads and the sampling among it.
    sampling_s: what the sampling itself took of it.
    """

    seconds: dict[str, Counter[Stack]] = field(default_factory=lambda: defaultdict(Counter))
    cpu_s: float = 0.0
    sampling_s: float = 0.0

    @property
    def native_s(self) -> float:
        """Seconds of CPU of threads that run no Python."""
        python_s = sum(sum(stacks.values()) for stacks in self.seconds.values())
        return max(0.0, self.cpu_s - python_s - self.sampling_s)


class StackSampler:
    """Takes samples; each is charged with the CPU time of its thread since the sample before.

    So threads that wait have no weight, and a rate that is not kept distorts nothing.
    """

    def __init__(self) -> None:
        self.profile = Profile()
        self._used_s: dict[int, float] = {}

    def run(self, duration_s: float, rate: float, stop: threading.Event) -> Profile:
        """Sample `rate` times a second, on the calling thread, until `stop` is set or the time is over."""
        process_s, own_s, end_s = time.process_time(), time.thread_time(), time.monotonic() + duration_s
        self.sample()
        while time.monotonic() < end_s and not stop.wait(1 / rate):
            self.sample()
        self.profile.cpu_s = time.process_time() - process_s
        self.profile.sampling_s = time.thread_time() - own_s
        return self.profile

    def sample(self) -> None:
        """Look at all threads but the calling one."""
        frames = sys._current_frames()
        for thread in threading.enumerate():
            frame = frames.get(thread.ident or 0)
            if frame is None or thread.native_id is None or thread.ident == threading.get_ident():
                continue
            used_s = thread_cpu_s(thread.native_id)
            since_s = used_s - self._used_s.get(thread.native_id, used_s)
            self._used_s[thread.native_id] = used_s
            if since_s > 0:
                self.profile.seconds[thread.name][stack_of(frame)] += since_s  # type: ignore[assignment]


def thread_cpu_s(native_id: int) -> float:
    """CPU seconds of a thread of this process; 0 once it has ended.

    Source: Linux, include/linux/posix-timers.h: the clock of a thread is made of its id.
    """
    try:
        return time.clock_gettime((~native_id << 3) | 6)
    except OSError:
        return 0.0


def stack_of(frame: FrameType) -> Stack:
    """The functions of a stack."""
    codes: list[CodeType] = []
    inner: FrameType | None = frame
    while inner is not None:
        codes.append(inner.f_code)
        inner = inner.f_back
    return tuple(reversed(codes))
