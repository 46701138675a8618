"""The search space: provider, batches at a time (slots), threads, and batch sizes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from itertools import product
from typing import Literal, TypeAlias

from models.providers import Provider

Rpc: TypeAlias = Literal["analyze", "detect", "embed"]

Limits: TypeAlias = tuple[int, ...]

CPU_BATCHES: tuple[Limits, Limits] = (1, 4, 8), (4, 16, 32)
GPU_BATCHES: tuple[Limits, Limits] = (4, 16, 32), (16, 64, 128)
"""Batch sizes to try, of the detector and of the image encoder."""
GPU_SLOTS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True, order=True)
class Setting:
    """One combination of settings.

    Attributes:
        slots: batches on the device at a time.
        intra_op_threads: threads of one run on the CPU.
        exclusive_threads: threads of an exclusive run, which has the CPU to itself; equal to
            `intra_op_threads` if no run is exclusive.
    """

    provider: Provider
    slots: int
    intra_op_threads: int
    exclusive_threads: int
    detector_max_batch: int
    embedder_max_batch: int

    @property
    def canonical(self) -> Setting:
        """The representative of all settings with which the server behaves the same."""
        never_exclusive = (
            self.provider != "cpu" or self.slots == 1 or self.exclusive_threads < self.intra_op_threads
        )
        return replace(self, exclusive_threads=self.intra_op_threads) if never_exclusive else self

    def differences(self, other: Setting) -> int:
        """The number of fields that differ."""
        return sum(getattr(self, each.name) != getattr(other, each.name) for each in fields(self))

    def __str__(self) -> str:
        batches = f"batches up to {self.detector_max_batch}/{self.embedder_max_batch}"
        if self.provider != "cpu":
            return f"{self.provider} {self.slots} at a time, {batches}"
        exclusive = (
            f", exclusive {self.exclusive_threads}" if self.exclusive_threads > self.intra_op_threads else ""
        )
        return f"cpu {self.slots} x {self.intra_op_threads} threads{exclusive}, {batches}"


@dataclass(frozen=True, slots=True)
class Grid:
    """Values to try; for an empty list they are derived from the cores and the provider."""

    slots: tuple[int, ...] = ()
    threads: tuple[int, ...] = ()
    exclusive_threads: tuple[int, ...] = ()
    detector_batches: tuple[int, ...] = ()
    embedder_batches: tuple[int, ...] = ()

    def layouts(self, base: Setting, cores: int) -> list[Setting]:
        """Other combinations of slots and threads for `base`, with its batch sizes."""
        chosen = self._cpu_layouts(base, cores) if base.provider == "cpu" else self._gpu_layouts(base)
        return _others(chosen, base)

    def _cpu_layouts(self, base: Setting, cores: int) -> Iterator[Setting]:
        for slots, threads in self._slots_and_threads(cores):
            for exclusive in self.exclusive_threads or (cores, cores // 2, threads):
                yield replace(base, slots=slots, intra_op_threads=threads, exclusive_threads=exclusive)

    def _slots_and_threads(self, cores: int) -> list[tuple[int, int]]:
        """Combinations that use all cores, and some with fewer, for pixel work or for hyper-threads."""
        if not self.slots and not self.threads:
            wide = [threads for threads in (*_powers_of_two(cores), cores) if threads > 1]
            single = [(slots, 1) for slots in (cores, cores - 1, cores // 2) if slots]
            return [*single, *((cores // threads, threads) for threads in wide)]
        if not self.slots:
            return [(max(1, cores // threads), threads) for threads in self.threads]
        if not self.threads:
            return [(slots, max(1, cores // slots)) for slots in self.slots]
        return list(product(self.slots, self.threads))

    def _gpu_layouts(self, base: Setting) -> Iterator[Setting]:
        for slots in self.slots or GPU_SLOTS:
            yield replace(base, slots=slots)

    def batches(self, base: Setting, rpc: Rpc, most: tuple[int, int] | None = None) -> list[Setting]:
        """Other batch sizes for `base`, for the models that the call uses.

        `most` are the rows of the largest batches that `base` formed; sizes that would not change them are
        left out.
        """
        detector, embedder = CPU_BATCHES if base.provider == "cpu" else GPU_BATCHES
        detector = self.detector_batches or detector if rpc != "embed" else (base.detector_max_batch,)
        embedder = self.embedder_batches or embedder if rpc != "detect" else (base.embedder_max_batch,)
        if most is not None:
            detector = effective_limits(detector, base.detector_max_batch, most[0])
            embedder = effective_limits(embedder, base.embedder_max_batch, most[1])
        pairs = product(detector, embedder)
        return _others(
            (replace(base, detector_max_batch=one, embedder_max_batch=other) for one, other in pairs), base
        )


def effective_limits(limits: Limits, tried: int, most: int) -> Limits:
    """Limits that would change the batches, of which `most` rows was the largest under the limit `tried`."""
    return tuple(limit for limit in limits if limit == tried or limit < most or tried <= most < limit)


def _others(settings: Iterable[Setting], base: Setting) -> list[Setting]:
    """Each setting once, in order, without `base`."""
    found = dict.fromkeys(setting.canonical for setting in settings)
    return [setting for setting in found if setting != base.canonical]


def _powers_of_two(most: int) -> list[int]:
    return [2**exponent for exponent in range(most.bit_length()) if 2**exponent <= most]
