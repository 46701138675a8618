"""Where graphs run: onnxruntime's execution providers and their options."""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import io
import logging
import subprocess
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import onnxruntime

from domain.errors import FailedPrecondition
from models.fact_cache import FactCache, known_sha256

Provider: TypeAlias = Literal["cpu", "cuda", "tensorrt"]
ProviderOptions: TypeAlias = tuple[str, dict[str, str]]

LOG = logging.getLogger("armoire.models")

TENSORRT_LIBRARIES = ("libnvinfer.so.10", "libnvonnxparser.so.10")
"""What the execution provider of onnxruntime 1.31 is linked with."""

PROVIDER_NAMES = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
}


@dataclass(frozen=True, slots=True)
class BatchProfile:
    """What a graph's input will look like: up to `most` rows of shape `row`."""

    row: tuple[int, ...]
    most: int


def provider_chain(provider: Provider, device_id: int = 0) -> list[ProviderOptions]:
    """The provider asked for, then those that take the operators it lacks, with their options."""
    cpu: ProviderOptions = (PROVIDER_NAMES["cpu"], {})
    if provider == "cpu":
        return [cpu]
    cuda: ProviderOptions = (PROVIDER_NAMES["cuda"], _cuda_options(device_id))
    if provider == "cuda":
        return [cuda, cpu]
    if provider == "tensorrt":
        tensorrt = {"device_id": str(device_id), "trt_timing_cache_enable": "1"}
        return [(PROVIDER_NAMES["tensorrt"], tensorrt), cuda, cpu]
    raise FailedPrecondition(
        f"unknown execution provider {provider!r}: use {', '.join(PROVIDER_NAMES)}", reason="UNKNOWN_PROVIDER"
    )


def _cuda_options(device_id: int) -> dict[str, str]:
    return {
        "device_id": str(device_id),
        "arena_extend_strategy": "kSameAsRequested",  # the default doubles as it grows, and keeps it
        "cudnn_conv_algo_search": "HEURISTIC",  # the default tries every algorithm for every new batch size
        "use_tf32": "0",  # the figures in the manifest are of full fp32
    }


def engine_options(graph: Path, batches: BatchProfile | None, cache: Path | None) -> dict[str, str]:
    """What TensorRT is told of one graph: the shapes to build for, and where to keep what it builds.

    One profile goes from one row to the largest batch and is tuned for that. Without it an engine is built
    for the first shape that comes, and again for each that is larger or smaller than all before.
    Source: onnxruntime, explicit shapes of the TensorRT execution provider.
    """
    options: dict[str, str] = {}
    if batches is not None:
        name = _input_name(graph)
        for bound, rows in (("min", 1), ("opt", batches.most), ("max", batches.most)):
            shape = "x".join(map(str, (rows, *batches.row)))
            options[f"trt_profile_{bound}_shapes"] = f"{name}:{shape}"
    folder = engine_folder(graph, batches, cache)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        options |= {
            "trt_engine_cache_enable": "1",
            "trt_engine_cache_path": str(folder),
            "trt_timing_cache_path": str(folder),
        }
    return options


def engine_folder(graph: Path, batches: BatchProfile | None, cache: Path | None) -> Path | None:
    """Where engines are kept, by what they are right for: graph, so precision; shapes; versions; GPU, driver.

    None where there is no cache, or nothing is known of the GPU.
    """
    gpus = gpu_facts()
    if cache is None or not gpus:
        return None
    versions = (onnxruntime.__version__, _tensorrt_version())
    parts = (known_sha256(graph, FactCache.below(cache)), repr(batches), *versions, *gpus)
    return cache / "engines" / f"{graph.stem}-{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:16]}"


def gpu_facts() -> tuple[str, ...]:
    """Name, compute capability and driver of each kind of GPU here; empty where nvidia-smi cannot tell."""
    command = ["nvidia-smi", "--query-gpu=name,compute_cap,driver_version", "--format=csv,noheader"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(sorted({line.strip() for line in told.splitlines() if line.strip()}))


def has_engine(folder: Path) -> bool:
    """Whether an engine is kept in a folder of `engine_folder`."""
    return any(folder.glob("*.engine"))


def _tensorrt_version() -> str:
    """As a number, of the library that is found; source: getInferLibVersion of NvInfer.h."""
    load_tensorrt()
    try:
        return str(ctypes.CDLL(TENSORRT_LIBRARIES[0]).getInferLibVersion())
    except (OSError, AttributeError):
        return ""


def _input_name(graph: Path) -> str:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(str(graph), options, providers=[PROVIDER_NAMES["cpu"]])
    name: str = session.get_inputs()[0].name
    return name


def load_cuda() -> None:
    """Load CUDA and cuDNN from the wheels of NVIDIA, where the execution provider does not look by itself.

    Libraries that the system's loader finds are taken where there are no such wheels. What is missing is
    logged; whether the provider works without it, `require_active` tells.
    """
    with redirect_stdout(io.StringIO()) as printed:
        onnxruntime.preload_dlls()
    for line in printed.getvalue().splitlines():
        LOG.warning("%s", line)


def load_tensorrt() -> None:
    """Load TensorRT from the wheel of NVIDIA, if there is one, where the execution provider does not look.

    Otherwise the system's loader has to find it, as in the image.
    """
    wheel = importlib.util.find_spec("tensorrt_libs")
    for folder in (wheel and wheel.submodule_search_locations) or ():
        for name in TENSORRT_LIBRARIES:
            try:
                ctypes.CDLL(str(Path(folder) / name), mode=ctypes.RTLD_GLOBAL)
            except OSError as error:
                LOG.warning("%s", error)


def require_installed(provider: Provider) -> None:
    """Raise FailedPrecondition where the installed onnxruntime lacks it."""
    available = onnxruntime.get_available_providers()
    if PROVIDER_NAMES[provider] not in available:
        raise FailedPrecondition(
            f"execution provider {provider!r} is not in the installed onnxruntime {onnxruntime.__version__} "
            f"(it has {', '.join(available)}); GPUs need onnxruntime-gpu: "
            f"make setup PROVIDER={provider}",
            reason="PROVIDER_NOT_INSTALLED",
        )


def require_active(provider: Provider, active: list[str]) -> None:
    """Raise FailedPrecondition where onnxruntime fell back to another."""
    if active[0] != PROVIDER_NAMES[provider]:
        raise FailedPrecondition(
            f"execution provider {provider!r} did not load (onnxruntime fell back to {active[0]}): "
            "are its libraries and a device present?",
            reason="PROVIDER_NOT_LOADED",
        )
