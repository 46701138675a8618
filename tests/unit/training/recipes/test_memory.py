from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from training.recipes.backbone import NetworkParams, load_backbone  # noqa: E402
from training.recipes.memory import training_memory  # noqa: E402


def test_activations_grow_with_the_batch_and_weights_do_not() -> None:
    network = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 1), torch.nn.Flatten(), torch.nn.Linear(4 * 64, 2))
    small, large = (training_memory(network, 8, batch) for batch in (1, 10))
    assert small.weights == large.weights == 5 * 4 * (3 * 4 + 4 + 256 * 2 + 2)
    assert small.activations == 4 * (3 * 64 + 4 * 64)  # the input of each layer
    assert large.activations == 10 * small.activations


def test_the_preset_for_four_gigabytes_fits() -> None:
    """Beside a gigabyte for CUDA's libraries and workspaces."""
    params = NetworkParams(pretrained="none")
    network = load_backbone(params, 47).network
    memory = training_memory(network, params.input_px, 16)
    assert 0.5 * 2**30 < memory.half_bytes < 3 * 2**30
    assert memory.fp32_bytes > memory.half_bytes
    assert "pictures of 224 px" in memory.described(16, 224)
