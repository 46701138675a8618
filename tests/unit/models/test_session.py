from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from domain.errors import ArtifactError, FailedPrecondition
from models.session import OnnxSession, session_options, share_arena
from tests.polling import until

TASKS = Path("/proc/self/task")


@pytest.mark.parametrize("count", [1, 2, 5])
def test_runs_any_batch_size(detector_folder: Path, count: int) -> None:
    (rows,) = OnnxSession(detector_folder / "detector.onnx").run(np.zeros((count, 32, 32, 3), np.uint8))
    assert rows.shape == (count, 5, 6)


def test_several_threads_run_it_at_once(detector_folder: Path) -> None:
    session = OnnxSession(detector_folder / "detector.onnx", intra_op_threads=2)

    def raise_by(value: int) -> float:
        return float(session.run(np.full((1, 32, 32, 3), value, np.uint8))[0][0, 4, 4])

    with ThreadPoolExecutor(4) as pool:
        scores = list(pool.map(raise_by, range(0, 250, 10)))
    assert scores == pytest.approx([0.1 + value / 2550 for value in range(0, 250, 10)], abs=1e-6)


def test_names_its_provider(detector_folder: Path) -> None:
    assert OnnxSession(detector_folder / "detector.onnx").provider == "cpu"


@pytest.mark.skipif(
    "CUDAExecutionProvider" in onnxruntime.get_available_providers(), reason="this onnxruntime has CUDA"
)
@pytest.mark.parametrize("provider", ["cuda", "tensorrt"])
def test_says_that_a_provider_is_not_installed(detector_folder: Path, provider: str) -> None:
    with pytest.raises(
        FailedPrecondition, match=f"'{provider}' is not in the installed onnxruntime"
    ) as caught:
        OnnxSession(detector_folder / "detector.onnx", provider)
    assert caught.value.reason == "PROVIDER_NOT_INSTALLED"


def test_refuses_an_unknown_provider(detector_folder: Path) -> None:
    with pytest.raises(FailedPrecondition, match="use cpu, cuda, tensorrt"):
        OnnxSession(detector_folder / "detector.onnx", "npu")


def test_says_that_a_graph_cannot_be_loaded(tmp_path: Path) -> None:
    (tmp_path / "broken.onnx").write_bytes(b"not a graph")
    with pytest.raises(ArtifactError, match=r"broken\.onnx cannot be loaded"):
        OnnxSession(tmp_path / "broken.onnx")


def test_idle_threads_sleep() -> None:
    options = session_options(2)
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"
    assert options.intra_op_num_threads == 2


def test_threads_of_a_run_alone_spin_until_it_ends() -> None:
    options = session_options(2, spins=True)
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "1"
    assert options.get_session_config_entry("session.force_spinning_stop") == "1"


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells the state of a thread on Linux only")
def test_the_threads_of_a_session_sleep_between_runs(detector_folder: Path, tmp_path: Path) -> None:
    others = set(TASKS.iterdir())
    session = OnnxSession(detector_folder / "detector.onnx", exclusive_threads=2, cache=tmp_path)
    session.run(np.zeros((1, 32, 32, 3), np.uint8), exclusive=True)
    own = set(TASKS.iterdir()) - others
    assert own
    until(lambda: all(is_asleep(task) for task in own))


def is_asleep(task: Path) -> bool:
    """True for a thread that has ended. Source: proc(5), the field after the name."""
    try:
        return (task / "stat").read_text().rpartition(")")[2].split()[0] == "S"
    except OSError:
        return True


def test_sessions_share_an_arena_and_outlive_it(detector_folder: Path) -> None:
    inputs = np.full((3, 32, 32, 3), 90, np.uint8)
    before = OnnxSession(detector_folder / "detector.onnx")
    share_arena()
    first, second = (OnnxSession(detector_folder / "detector.onnx") for _ in range(2))
    share_arena()
    answers = [session.run(inputs)[0] for session in (before, first, second)]
    assert all(np.array_equal(answers[0], answer) for answer in answers)


def test_memory_of_large_runs_can_be_given_back(detector_folder: Path) -> None:
    session = OnnxSession(detector_folder / "detector.onnx")
    inputs = np.full((2, 32, 32, 3), 90, np.uint8)
    before = session.run(inputs)[0]
    session.shrink_arena(inputs[:1])
    assert np.array_equal(session.run(inputs)[0], before)


def test_only_sessions_on_the_cpu_share_an_arena() -> None:
    key = "session.use_env_allocators"
    assert session_options(1, shares_arena=True).get_session_config_entry(key) == "1"
    with pytest.raises(RuntimeError, match="does not have configuration"):
        session_options(1).get_session_config_entry(key)


@pytest.mark.parametrize("with_cache", [True, False])
def test_a_run_alone_answers_as_any_other(detector_folder: Path, tmp_path: Path, with_cache: bool) -> None:
    cache = tmp_path if with_cache else None
    session = OnnxSession(detector_folder / "detector.onnx", exclusive_threads=2, cache=cache)
    inputs = np.full((2, 32, 32, 3), 90, np.uint8)
    assert np.array_equal(session.run(inputs)[0], session.run(inputs, exclusive=True)[0])
