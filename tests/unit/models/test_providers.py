"""What providers are told. No GPU is here, so a script stands in for nvidia-smi and nothing is run on one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import onnxruntime
import pytest

from models.providers import (
    TENSORRT_LIBRARIES,
    BatchProfile,
    engine_options,
    gpu_facts,
    has_engine,
    provider_chain,
)

ROOT = Path(__file__).parents[3]

BATCHES = BatchProfile((32, 32, 3), 8)


@pytest.fixture
def gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What nvidia-smi prints."""
    told = tmp_path / "told.csv"
    told.write_text("NVIDIA L4, 8.9, 580.1\nNVIDIA L4, 8.9, 580.1\n")
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "nvidia-smi"
    command.write_text(f"#!/bin/sh\n/bin/cat {told}\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(command.parent))
    return told


def folder_of(graph: Path, cache: Path, batches: BatchProfile = BATCHES) -> str:
    return engine_options(graph, batches, cache)["trt_engine_cache_path"]


def test_tensorrt_falls_back_to_cuda_then_cpu() -> None:
    chain = provider_chain("tensorrt", 1)
    assert [name for name, _ in chain] == [
        "TensorrtExecutionProvider",
        "CUDAExecutionProvider",
        "CPUExecutionProvider",
    ]
    assert {options["device_id"] for _, options in chain[:2]} == {"1"}


def test_cuda_does_not_try_every_algorithm_for_every_batch_size() -> None:
    assert provider_chain("cuda", 0)[0][1]["cudnn_conv_algo_search"] == "HEURISTIC"


def test_tensorrt_builds_once_for_all_batches(detector_folder: Path) -> None:
    graph = detector_folder / "detector.onnx"
    (given,) = onnxruntime.InferenceSession(str(graph)).get_inputs()
    assert engine_options(graph, BATCHES, None) == {
        "trt_profile_min_shapes": f"{given.name}:1x32x32x3",
        "trt_profile_opt_shapes": f"{given.name}:8x32x32x3",
        "trt_profile_max_shapes": f"{given.name}:8x32x32x3",
    }


def test_an_engine_is_kept_for_what_it_was_built_for(
    detector_folder: Path, embedder_folder: Path, tmp_path: Path, gpu: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = detector_folder / "detector.onnx"
    folders = [folder_of(graph, tmp_path)]
    assert folder_of(graph, tmp_path) == folders[0]
    folders.append(folder_of(embedder_folder / "image.onnx", tmp_path))
    folders.append(folder_of(graph, tmp_path, BatchProfile((32, 32, 3), 16)))
    gpu.write_text("NVIDIA L4, 8.9, 590.2\n")
    folders.append(folder_of(graph, tmp_path))
    gpu.write_text("NVIDIA H100, 9.0, 590.2\n")
    folders.append(folder_of(graph, tmp_path))
    monkeypatch.setattr(onnxruntime, "__version__", "9.9")
    folders.append(folder_of(graph, tmp_path))
    assert len(set(folders)) == len(folders)
    assert all(Path(folder).is_dir() for folder in folders)


def test_gpus_of_a_kind_are_told_once(gpu: Path) -> None:
    assert gpu_facts() == ("NVIDIA L4, 8.9, 580.1",)


def test_without_nvidia_smi_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert gpu_facts() == ()


def test_engines_for_a_gpu_that_is_not_known_are_not_kept(
    detector_folder: Path, tmp_path: Path, gpu: Path
) -> None:
    gpu.unlink()
    assert gpu_facts() == ()
    assert "trt_engine_cache_enable" not in engine_options(
        detector_folder / "detector.onnx", BATCHES, tmp_path
    )


def test_tensorrt_without_a_cache_keeps_nothing(detector_folder: Path) -> None:
    assert "trt_engine_cache_enable" not in engine_options(detector_folder / "detector.onnx", BATCHES, None)


def test_an_engine_is_there_once_it_was_kept(tmp_path: Path) -> None:
    assert not has_engine(tmp_path)
    (tmp_path / "timings.timing").touch()
    assert not has_engine(tmp_path)
    (tmp_path / "TensorrtExecutionProvider_detector_0_sm89.engine").touch()
    assert has_engine(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what a process has loaded on Linux only")
def test_tensorrt_is_loaded_from_the_wheel(tmp_path: Path) -> None:
    """Any library under TensorRT's names will do, in a process of its own, since it stays loaded."""
    wheel = tmp_path / "tensorrt_libs"
    wheel.mkdir()
    (wheel / "__init__.py").touch()
    for name in TENSORRT_LIBRARIES:
        shutil.copy(onnxruntime_library(), wheel / name)
    script = (
        "from models.providers import load_tensorrt; load_tensorrt(); print(open('/proc/self/maps').read())"
    )
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}
    told = subprocess.run(
        [sys.executable, "-c", script], env=environment, check=True, capture_output=True, text=True
    ).stdout
    assert all(str(wheel / name) in told for name in TENSORRT_LIBRARIES)


def onnxruntime_library() -> Path:
    """A small library that loads by itself."""
    return next(Path(onnxruntime.__file__).parent.glob("capi/libonnxruntime_providers_shared.so"))
