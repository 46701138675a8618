"""How much memory a step of training needs, computed without a device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor

_PROBE = 2


@dataclass(frozen=True, slots=True)
class StepMemory:
    """Bytes of a step.

    Attributes:
        weights: parameters and buffers, gradients, AdamW's two moments, and the averaged weights.
        activations: what the forward pass keeps for the backward pass, in fp32.
    """

    weights: int
    activations: int

    @property
    def fp32_bytes(self) -> int:
        return self.weights + self.activations

    @property
    def half_bytes(self) -> int:
        """With a forward pass of 16 bits, beside which autocast keeps 16-bit copies of the weights."""
        return self.weights + self.weights // 10 + self.activations // 2

    def described(self, batch: int, input_px: int) -> str:
        """A sentence for a report."""
        return (
            f"Computed memory of a step with {batch} pictures of {input_px} px: "
            f"{self.fp32_bytes / 2**20:.0f} MiB in fp32, {self.half_bytes / 2**20:.0f} MiB in mixed "
            "precision, beside what the device's libraries take."
        )


def training_memory(network: Any, input_px: int, batch: int) -> StepMemory:
    """Of a network of pictures; see `step_memory`."""
    return step_memory(network, torch.zeros(_PROBE, 3, input_px, input_px), batch)


def step_memory(network: Any, probe: Tensor, batch: int) -> StepMemory:
    """Count what AdamW keeps, and the tensors that autograd saves in a forward pass of a probe (2, ...).

    It is a lower bound: workspaces of convolutions and fragmentation come on top.
    """
    device = next(network.parameters()).device
    saved = _saved_bytes(network, lambda: network(probe.to(device)))
    return StepMemory(weights=_kept_bytes(network), activations=saved // _PROBE * batch)


def pass_memory(network: Any, run: Callable[[int], object], batch: int) -> StepMemory:
    """As `step_memory`, of a step that is more than a pass of one input through a network.

    `run` makes the forward pass of so many examples. Passes of two and of four tell what grows with the batch
    and what does not, such as matrices that are computed from others.
    """
    few, more = (_saved_bytes(network, partial(run, count)) for count in (_PROBE, 2 * _PROBE))
    grows = max(0, more - few) // _PROBE
    return StepMemory(weights=_kept_bytes(network), activations=few + grows * (batch - _PROBE))


def _kept_bytes(network: Any) -> int:
    """Weights and their average, and what is kept of those that are trained."""
    size = sum(tensor.numel() * tensor.element_size() for tensor in network.state_dict().values())
    trained = sum(p.numel() * p.element_size() for p in network.parameters() if p.requires_grad)
    return int(2 * size + 3 * trained)


def _saved_bytes(network: Any, run: Callable[[], object]) -> int:
    """Bytes of the different tensors that a forward pass saves, without parameters."""
    own = {tensor.untyped_storage().data_ptr() for tensor in network.state_dict().values()}
    sizes: dict[int, int] = {}
    kept: list[Tensor] = []  # so that no address is used twice

    def save(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            sizes[storage.data_ptr()] = storage.nbytes()
            kept.append(tensor)
        return tensor

    was_training = network.training
    network.eval()
    with torch.autograd.graph.saved_tensors_hooks(save, lambda tensor: tensor):
        run()
    network.train(was_training)
    return sum(sizes.values())
