"""The weights of the embedder, read back from an artifact that was exported from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from domain.errors import InvalidInput
from domain.types import FloatArray
from models.artifact import Artifact

PREFIX = "network."
"""Before the names of the text tower's parameters in the graph."""
MATRICES = ("attn.in_proj_weight", "attn.out_proj.weight", "mlp.c_fc.weight", "mlp.c_proj.weight")
"""The matrices of a block of the text tower in the order of the graph, which has them transposed."""


@torch.no_grad()
def load_artifact(model: Any, folder: Path) -> None:
    """Load the weights of an artifact's two graphs into a model that `build` made.

    An export folds each normalisation into the convolution before it. So the normalisations of the image
    tower become shifts here, which hold only in evaluation mode: keep them in it while training.

    Raises InvalidInput if the graphs are not those of such a model.
    """
    artifact = Artifact.load(folder)
    image, text = (_initializers(artifact.graph(name)) for name in ("image", "text"))
    try:
        model.load_state_dict(dict(_text_weights(text, model)), strict=False)
        _load_image_tower(model.visual, image)
    except (KeyError, RuntimeError, StopIteration, ValueError) as error:
        raise InvalidInput("start-from", f"is no artifact of this model: {error}"[:300]) from error
    model.logit_scale.fill_(float(np.log(artifact.manifest.logit_scale)))


def _initializers(path: Path) -> dict[str, FloatArray]:
    """The constants of a graph as float32, in its order; half weights keep their name without its suffix."""
    import onnx

    graph = onnx.load(str(path)).graph
    arrays = ((one.name, onnx.numpy_helper.to_array(one)) for one in graph.initializer)
    return {name.removesuffix("_fp16"): array.astype(np.float32) for name, array in arrays}


def _load_image_tower(tower: Any, weights: Mapping[str, FloatArray]) -> None:
    convolutions = _arrays(value for name, value in weights.items() if "::Conv_" in name)
    layers = list(tower.trunk.modules())
    pairs = zip(_of(layers, nn.Conv2d), _of(layers, nn.BatchNorm2d), strict=True)
    for convolution, normalization in pairs:
        _copy(convolution.weight, next(convolutions))
        _make_shift(normalization, next(convolutions))
    if next(convolutions, None) is not None:
        raise ValueError("its image tower has more layers")
    (projection,) = _arrays(value for name, value in weights.items() if "::MatMul_" in name)
    _copy(tower.head.proj.weight, projection.T)


def _make_shift(normalization: Any, shift: Tensor) -> None:
    """Make a normalisation add `shift` (C,) and nothing else."""
    normalization.running_mean.zero_()
    normalization.running_var.fill_(1 - normalization.eps)
    normalization.weight.fill_(1.0)
    _copy(normalization.bias, shift)


def _text_weights(weights: Mapping[str, FloatArray], model: Any) -> Iterator[tuple[str, Tensor]]:
    """The text tower's parameters, as the model names them."""
    for name, array in weights.items():
        if name.startswith(PREFIX):
            yield name.removeprefix(PREFIX).replace("attn.attention.", "attn."), torch.from_numpy(array)
    matrices = _arrays(value for name, value in weights.items() if "::MatMul_" in name)
    for block in range(len(model.transformer.resblocks)):
        for name in MATRICES:
            yield f"transformer.resblocks.{block}.{name}", next(matrices).T


def _copy(target: Tensor, source: Tensor) -> None:
    if target.shape != source.shape:
        raise ValueError(f"a weight has the shape {tuple(source.shape)}, not {tuple(target.shape)}")
    target.copy_(source)


def _arrays(values: Iterable[FloatArray]) -> Iterator[Tensor]:
    return (torch.from_numpy(value) for value in values)


def _of(layers: Iterable[nn.Module], kind: type[nn.Module]) -> list[Any]:
    return [layer for layer in layers if isinstance(layer, kind)]
