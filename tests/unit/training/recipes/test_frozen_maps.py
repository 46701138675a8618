from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from domain.errors import InvalidInput  # noqa: E402
from training.recipes.backbone import NetworkParams, load_backbone  # noqa: E402
from training.recipes.frozen_maps import frozen_part, trained_part  # noqa: E402


def network(name: str) -> Any:
    torch.manual_seed(0)
    params = NetworkParams(backbone=name, pretrained="none", input_px=32, frozen_stride=8)
    return load_backbone(params, 3).network.eval()


@pytest.mark.parametrize("name", ["mobilenetv3_small_050", "efficientnet_lite0"])
def test_both_parts_together_are_the_network(name: str) -> None:
    whole = network(name)
    pictures = torch.rand(2, 3, 32, 32)
    with torch.no_grad():
        maps = frozen_part(whole, 8)(pictures)
        torch.testing.assert_close(trained_part(whole, 8)(maps), whole(pictures))
    assert maps.shape[2:] == (4, 4)


def test_the_trained_part_shares_its_weights_with_the_network() -> None:
    whole = network("mobilenetv3_small_050")
    part = trained_part(whole, 8)
    assert part.get_classifier() is whole.get_classifier()
    assert isinstance(whole.conv_stem, torch.nn.Conv2d)
    assert {id(p) for p in part.parameters()} == {id(p) for p in whole.parameters() if p.requires_grad}


def test_other_networks_keep_no_maps() -> None:
    with pytest.raises(InvalidInput, match="except for timm's EfficientNets and MobileNets"):
        frozen_part(network("resnet10t"), 8)
    with pytest.raises(InvalidInput, match="where frozen_stride is no stride of its blocks"):
        frozen_part(network("mobilenetv3_small_050"), 0)
