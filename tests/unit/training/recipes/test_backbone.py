from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from domain.errors import InvalidInput  # noqa: E402
from models.artifact import Artifact  # noqa: E402
from models.image_encoder import ImageEncoder  # noqa: E402
from models.session import OnnxSession  # noqa: E402
from training.recipes.backbone import (  # noqa: E402
    NetworkParams,
    keep_frozen_statistics,
    load_backbone,
    parameter_groups,
)
from training.recipes.picture_batches import normalizer  # noqa: E402

EMBEDDER = Path(__file__).parents[4] / "artifacts/demo-embedder"


def params(**changes: Any) -> NetworkParams:
    given = {"backbone": "mobilenetv3_small_050", "pretrained": "none", "input_px": 32}
    return NetworkParams.model_validate({**given, **changes})


def test_an_embedders_trunk_gives_features_that_its_embeddings_follow_from() -> None:
    """Features of one picture that are a linear function of another's embedding would not fit at random."""
    backbone = load_backbone(params(backbone="efficientnet_lite0", pretrained=str(EMBEDDER)), 3)
    artifact = Artifact.load(EMBEDDER)
    side = artifact.manifest.image.width
    pictures = np.random.default_rng(0).integers(0, 256, (12, 12, 12, 3)).astype(np.uint8)
    pictures = pictures.repeat(side // 12, axis=1).repeat(side // 12, axis=2)
    inputs = normalizer(backbone.mean, backbone.std, torch.device("cpu"))(torch.from_numpy(pictures))
    network = backbone.network.eval()
    with torch.no_grad():
        features = network.forward_head(network.forward_features(inputs), pre_logits=True).numpy()
    projection = image_projection(artifact)
    embedded = features @ projection
    embedded /= np.linalg.norm(embedded, axis=1, keepdims=True)
    expected = ImageEncoder.load(artifact, OnnxSession).run(pictures)
    assert (embedded * expected).sum(axis=1).min() > 0.999


def image_projection(artifact: Artifact) -> Any:
    """The last matrix of the image graph, (features, width)."""
    import onnx

    graph = onnx.load(str(artifact.graph("image"))).graph
    (matrix,) = (onnx.numpy_helper.to_array(t) for t in graph.initializer if "::MatMul_" in t.name)
    return matrix


def test_normalisations_that_were_trained_never_take_the_statistics_of_a_batch() -> None:
    trained = load_backbone(params(backbone="efficientnet_lite0", pretrained=str(EMBEDDER)), 3)
    own = load_backbone(params(frozen_stride=4), 3)
    for backbone, expected in ((trained, False), (own, True)):
        backbone.network.train()
        keep_frozen_statistics(backbone)
        kinds = [m for m in backbone.network.modules() if isinstance(m, torch.nn.BatchNorm2d)]
        assert any(module.training for module in kinds) == expected
        assert not all(module.training for module in kinds)


def test_the_head_learns_faster_than_the_rest_and_vectors_have_no_decay() -> None:
    network = load_backbone(params(frozen_stride=4), 3).network
    groups = parameter_groups(network, 1e-3, 0.1, 0.02)
    head = {id(parameter) for parameter in network.get_classifier().parameters()}
    for group in groups:
        assert group["lr"] == group["initial_lr"]
        assert {id(p) in head for p in group["params"]} == {group["lr"] == 1e-3}
        assert {p.ndim > 1 for p in group["params"]} == {group["weight_decay"] == 0.02}
    assert sum(len(group["params"]) for group in groups) == sum(
        parameter.requires_grad for parameter in network.parameters()
    )


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"backbone": "no_such_network"}, "network.backbone: is no network of timm"),
        ({"frozen_stride": 3}, "network.frozen_stride: must be 0 or one of 2, 4, 8"),
        ({"pretrained": "nowhere"}, "network.pretrained: must be timm or none for mobilenetv3_small_050"),
        (
            {"backbone": "efficientnet_lite0", "pretrained": "nowhere"},
            "network.pretrained: must be timm, none or a folder: nowhere",
        ),
        ({"pretrained": str(EMBEDDER)}, "network.backbone: must be efficientnet_lite0"),
    ],
)
def test_networks_and_weights_that_there_are_not_are_refused(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InvalidInput, match=complaint):
        load_backbone(params(**changes), 3)
