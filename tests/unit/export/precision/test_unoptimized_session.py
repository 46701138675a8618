from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from export.precision.int8 import write_int8
from export.precision.unoptimized_session import UnoptimizedSession
from models.session import OnnxSession

Write = Callable[[torch.nn.Module], Path]


def test_answers_the_same_but_for_rounding(
    write: Write, convolutions: torch.nn.Module, images: torch.Tensor, tmp_path: Path
) -> None:
    target = tmp_path / "int8.onnx"
    write_int8(write(convolutions), target, [image[None].numpy() for image in images])
    (plain,), (quick,) = (kind(target).run(images.numpy()) for kind in (UnoptimizedSession, OnnxSession))
    assert plain == pytest.approx(quick, abs=0.05)
