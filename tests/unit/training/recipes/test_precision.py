from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from domain.errors import InvalidInput  # noqa: E402
from training.recipes.params import RecipeParams  # noqa: E402
from training.recipes.precision import MixedPrecision  # noqa: E402


def mixed(**given: Any) -> MixedPrecision:
    return MixedPrecision(RecipeParams.model_validate({"device": "cpu", **given}))


@pytest.mark.parametrize(
    ("given", "kind"), [("auto", torch.float32), ("fp32", torch.float32), ("bf16", torch.bfloat16)]
)
def test_forward_passes_have_the_precision(given: str, kind: Any) -> None:
    layer, rows = torch.nn.Linear(4, 4), torch.ones(1, 4)
    chosen = mixed(precision=given)
    with torch.no_grad(), chosen.autocast():
        assert layer(rows).dtype == kind
    assert not chosen.scaler.is_enabled()


def test_half_precision_needs_a_gpu() -> None:
    with pytest.raises(InvalidInput, match="precision: must be fp32, bf16 or auto on a CPU, not fp16"):
        mixed(precision="fp16")


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidInput, match="device: is cuda, which torch does not find here"):
        mixed(device="cuda")
