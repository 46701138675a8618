"""Stacks with the CPU time of their threads."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from services.profiling.speedscope import SCHEMA, speedscope_json
from services.profiling.stack_sampler import StackSampler, thread_cpu_s
from tests.polling import until


def burn(until: threading.Event) -> None:
    while not until.is_set():
        sum(range(1000))


def idle(until: threading.Event) -> None:
    until.wait()


@contextmanager
def threads() -> Iterator[threading.Thread]:
    """One thread that uses CPU, which is given, and one that waits."""
    end = threading.Event()
    started = [threading.Thread(target=work, args=(end,), name=work.__name__) for work in (burn, idle)]
    for thread in started:
        thread.start()
    try:
        yield started[0]
    finally:
        end.set()
        for thread in started:
            thread.join()


def test_cpu_time_is_charged_to_the_functions_of_its_thread() -> None:
    sampler = StackSampler()
    with threads() as busy:
        assert busy.native_id is not None
        sampler.sample()
        started_s = thread_cpu_s(busy.native_id)
        while thread_cpu_s(busy.native_id) < started_s + 0.1:
            sampler.sample()
    seconds = sampler.profile.seconds
    assert sum(seconds["burn"].values()) > 0.05
    assert all("burn" in [code.co_name for code in stack] for stack in seconds["burn"])
    assert sum(seconds["idle"].values()) < 0.05


def test_a_profile_ends_when_it_is_told_to() -> None:
    stop = threading.Event()
    stop.set()
    started_s = time.thread_time()
    profile = StackSampler().run(3600, 100, stop)
    assert 0 < profile.sampling_s <= time.thread_time() - started_s


def test_a_thread_that_has_ended_has_no_time() -> None:
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()
    assert thread.native_id is not None
    until(lambda: thread_cpu_s(thread.native_id or 0) == 0)  # the kernel ends it after Python has


def test_the_file_is_one_of_speedscope() -> None:
    sampler = StackSampler()
    with threads() as busy:
        assert busy.native_id is not None
        while not sampler.profile.seconds["burn"]:
            sampler.sample()
    sampler.profile.cpu_s = 100.0
    document = json.loads(speedscope_json(sampler.profile, "a server"))
    assert (document["$schema"], document["name"]) == (SCHEMA, "a server")
    frames = document["shared"]["frames"]
    profiles = {profile["name"]: profile for profile in document["profiles"]}
    for profile in profiles.values():
        assert (profile["type"], profile["unit"], profile["startValue"]) == ("sampled", "seconds", 0)
        assert len(profile["samples"]) == len(profile["weights"])
        assert profile["endValue"] == sum(profile["weights"])
        assert {number for stack in profile["samples"] for number in stack} <= set(range(len(frames)))
    stack = [frames[number] for number in profiles["burn"]["samples"][0]]
    here = "tests/unit/services/profiling/test_stack_sampler.py"
    assert ("burn", here) in [(frame["name"], frame["file"]) for frame in stack]
    assert profiles["threads without Python"]["endValue"] > 90
