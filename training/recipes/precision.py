"""The device of a run, and the precision of its forward passes."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch

from domain.errors import InvalidInput
from training.recipes.params import RecipeParams

_TYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}


class MixedPrecision:
    """Mixed precision on a device: weights are fp32, forward passes may have fewer bits.

    With fp16 the loss is scaled, so that small gradients do not become zero.
    Source: Micikevicius et al. 2018, "Mixed Precision Training".
    """

    def __init__(self, params: RecipeParams) -> None:
        """Raises InvalidInput where there is no such device, or it has no such precision."""
        self.device = _device(params.device)
        self.precision = _precision(params.precision, self.device)
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=self.precision == "fp16")

    def autocast(self) -> AbstractContextManager[Any]:
        """The context of forward passes."""
        kind = _TYPES.get(self.precision)
        return nullcontext() if kind is None else torch.autocast(self.device.type, dtype=kind)


def _device(wanted: str) -> torch.device:
    if wanted == "cuda" and not torch.cuda.is_available():
        raise InvalidInput("device", "is cuda, which torch does not find here")
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(wanted)


def _precision(wanted: str, device: torch.device) -> str:
    if wanted == "fp16" and device.type == "cpu":
        raise InvalidInput("precision", "must be fp32, bf16 or auto on a CPU, not fp16")
    if wanted != "auto":
        return wanted
    if device.type == "cpu":
        return "fp32"
    return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"
