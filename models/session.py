"""What runs a graph."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy.typing as npt
import onnxruntime

from domain.errors import ArtifactError
from models.optimized_graph import optimized_graph
from models.providers import (
    BatchProfile,
    Provider,
    ProviderOptions,
    engine_options,
    load_cuda,
    load_tensorrt,
    provider_chain,
    require_active,
    require_installed,
)

REMOTE = "remote"
"""The provider of graphs that a model server runs."""


class Session(Protocol):
    """One loaded graph with one input. Several threads may run it at once."""

    @property
    def provider(self) -> str: ...

    @property
    def ready(self) -> bool:
        """Whether runs will be answered."""

    def run(self, inputs: npt.NDArray[Any], *, exclusive: bool = False) -> tuple[npt.NDArray[Any], ...]:
        """Outputs for a batch (N, ...), each (N, ...). `exclusive`: no other run needs the cores."""

    def shrink_arena(self, inputs: npt.NDArray[Any]) -> None:
        """Run a batch once more, and free the memory that larger ones have needed."""

    def close(self) -> None:
        """Leave the process that runs the graph, if it is another one."""


SessionFactory: TypeAlias = Callable[[Path], Session]


class OnnxSession:
    """A graph in onnxruntime; `run` is thread-safe and releases the GIL.

    `provider` is where it runs. Operators that "tensorrt" lacks go to CUDA, those that CUDA lacks to the CPU;
    a provider that does not load is an error, never a silent fallback. On the CPU a run takes
    `intra_op_threads` cores, or `exclusive_threads` in an exclusive run. `cache` keeps optimized graphs and
    TensorRT's engines; without it a session with `exclusive_threads` holds its weights twice. TensorRT builds
    an engine for `batches`; without them it builds one for the shapes that come.

    Raises:
        FailedPrecondition: the installed onnxruntime has no such provider, or it does not load here.
        ArtifactError: the graph cannot be read.
    """

    def __init__(
        self,
        path: Path,
        provider: Provider = "cpu",
        intra_op_threads: int = 1,
        *,
        exclusive_threads: int = 0,
        device_id: int = 0,
        cache: Path | None = None,
        batches: BatchProfile | None = None,
    ) -> None:
        chain = provider_chain(provider, device_id)
        require_installed(provider)
        if provider != "cpu":
            load_cuda()
        if provider == "tensorrt":
            load_tensorrt()
            chain[0][1].update(engine_options(path, batches, cache))
        on_cpu = provider == "cpu"
        optimized = optimized_graph(path, cache) if on_cpu and cache is not None else None
        options = partial(session_options, optimized=optimized is not None, shares_arena=on_cpu)
        self._session = _open(optimized or path, chain, options(intra_op_threads))
        require_active(provider, self._session.get_providers())
        self._exclusive = self._session
        if on_cpu and exclusive_threads > intra_op_threads:
            self._exclusive = _open(optimized or path, chain, options(exclusive_threads, spins=True))
        self._provider = provider
        self._input_name = self._session.get_inputs()[0].name

    @property
    def provider(self) -> str:
        return self._provider

    @property
    def ready(self) -> bool:
        return True

    def run(self, inputs: npt.NDArray[Any], *, exclusive: bool = False) -> tuple[npt.NDArray[Any], ...]:
        session = self._exclusive if exclusive else self._session
        return tuple(session.run(None, {self._input_name: inputs}))

    def shrink_arena(self, inputs: npt.NDArray[Any]) -> None:
        """On the CPU; elsewhere this does nothing."""
        if self._provider == "cpu":
            options = onnxruntime.RunOptions()
            options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
            self._session.run(None, {self._input_name: inputs}, options)

    def close(self) -> None:
        """Does nothing: the graph is freed with the last reference to it."""


def share_arena() -> None:
    """Make one memory arena for all sessions that this process opens on the CPU from now on.

    Otherwise every session keeps the most memory that it ever needed, rounded up to a power of two.
    """
    memory = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    as_requested = onnxruntime.OrtArenaCfg({"arena_extend_strategy": 1})
    onnxruntime.create_and_register_allocator(memory, as_requested)


def session_options(
    intra_op_threads: int, optimized: bool = False, shares_arena: bool = False, spins: bool = False
) -> onnxruntime.SessionOptions:
    """How a session runs its graph. Idle threads sleep, they do not spin.

    `optimized`: the graph comes from `optimized_graph`, so nothing is left to optimize. `shares_arena`: the
    session allocates from the arena that `share_arena` made. `spins`: threads stay awake between operators,
    but not between runs.
    """
    options = onnxruntime.SessionOptions()
    level = onnxruntime.GraphOptimizationLevel
    options.graph_optimization_level = level.ORT_DISABLE_ALL if optimized else level.ORT_ENABLE_ALL
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.intra_op_num_threads = intra_op_threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "1" if spins else "0")
    options.add_session_config_entry("session.force_spinning_stop", "1")
    if shares_arena:
        options.add_session_config_entry("session.use_env_allocators", "1")
    return options


def _open(
    path: Path, chain: list[ProviderOptions], options: onnxruntime.SessionOptions
) -> onnxruntime.InferenceSession:
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=chain)
    except Exception as error:  # the errors of onnxruntime have no public base class
        raise ArtifactError(f"{path} cannot be loaded: {error}") from error
