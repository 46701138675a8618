"""What runs a graph."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

import numpy.typing as npt
import onnxruntime

from domain.errors import ArtifactError, FailedPrecondition

Provider: TypeAlias = Literal["cpu", "cuda", "tensorrt"]
ProviderOptions: TypeAlias = tuple[str, dict[str, str]]

PROVIDER_NAMES = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
}


class Session(Protocol):
    """One loaded graph with one input. Several threads may run it at once."""

    @property
    def provider(self) -> str: ...

    def run(self, inputs: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], ...]:
        """Outputs for a batch (N, ...), each (N, ...)."""


SessionFactory: TypeAlias = Callable[[Path], Session]


class OnnxSession:
    """A graph in onnxruntime; `run` is thread-safe and releases the GIL.

    `provider` is where it runs. Operators that "tensorrt" lacks go to CUDA, those that CUDA lacks to the CPU;
    one that does not load at all is an error, never a silent fallback. `engine_cache` is where TensorRT keeps
    what it builds. `spinning` lets idle threads wait busily: quicker where this session has its cores to
    itself, wasteful elsewhere.

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
        spinning: bool = False,
        device_id: int = 0,
        engine_cache: Path | None = None,
    ) -> None:
        chain = provider_chain(provider, device_id, engine_cache)
        _require_installed(provider)
        self._session = _open(path, chain, session_options(intra_op_threads, spinning))
        _require_active(provider, self._session.get_providers())
        self._provider = provider
        self._input_name = self._session.get_inputs()[0].name

    @property
    def provider(self) -> str:
        return self._provider

    def run(self, inputs: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], ...]:
        return tuple(self._session.run(None, {self._input_name: inputs}))


def provider_chain(provider: Provider, device_id: int, engine_cache: Path | None) -> list[ProviderOptions]:
    """The provider asked for, then those that take the operators it lacks, with their options."""
    cpu: ProviderOptions = (PROVIDER_NAMES["cpu"], {})
    if provider == "cpu":
        return [cpu]
    cuda: ProviderOptions = (PROVIDER_NAMES["cuda"], _cuda_options(device_id))
    if provider == "cuda":
        return [cuda, cpu]
    if provider == "tensorrt":
        return [(PROVIDER_NAMES["tensorrt"], _tensorrt_options(device_id, engine_cache)), cuda, cpu]
    raise FailedPrecondition(
        f"unknown execution provider {provider!r}: use {', '.join(PROVIDER_NAMES)}", reason="UNKNOWN_PROVIDER"
    )


def session_options(intra_op_threads: int, spinning: bool) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.intra_op_num_threads = intra_op_threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "1" if spinning else "0")
    return options


def _cuda_options(device_id: int) -> dict[str, str]:
    return {
        "device_id": str(device_id),
        "arena_extend_strategy": "kSameAsRequested",  # the default doubles as it grows, and keeps it
        "use_tf32": "0",  # the figures in the manifest are of full fp32
    }


def _tensorrt_options(device_id: int, engine_cache: Path | None) -> dict[str, str]:
    options = {"device_id": str(device_id), "trt_timing_cache_enable": "1"}
    if engine_cache is None:
        return options
    folder = str(engine_cache)
    return options | {
        "trt_engine_cache_enable": "1",
        "trt_engine_cache_path": folder,
        "trt_timing_cache_path": folder,
    }


def _require_installed(provider: Provider) -> None:
    available = onnxruntime.get_available_providers()
    if PROVIDER_NAMES[provider] not in available:
        raise FailedPrecondition(
            f"execution provider {provider!r} is not in the installed onnxruntime {onnxruntime.__version__} "
            f"(it has {', '.join(available)}); GPUs need the package onnxruntime-gpu",
            reason="PROVIDER_NOT_INSTALLED",
        )


def _require_active(provider: Provider, active: list[str]) -> None:
    if active[0] != PROVIDER_NAMES[provider]:
        raise FailedPrecondition(
            f"execution provider {provider!r} did not load (onnxruntime fell back to {active[0]}): "
            "are its libraries and a device present?",
            reason="PROVIDER_NOT_LOADED",
        )


def _open(
    path: Path, chain: list[ProviderOptions], options: onnxruntime.SessionOptions
) -> onnxruntime.InferenceSession:
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=chain)
    except Exception as error:  # onnxruntime's own errors share no public base
        raise ArtifactError(f"{path} cannot be loaded: {error}") from error
