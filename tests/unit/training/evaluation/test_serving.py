"""The path measured is the path served."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from domain.errors import ArtifactError
from domain.taxonomy import Taxonomy
from domain.types import AnalyzedItem, Box
from imaging.decode import DecodeLimits, decode
from services.catalog.options import CatalogOptions
from services.catalog.records.primary import category_of as served_category_of
from services.catalog.records.primary import choose_primary
from services.catalog.search.rank_terms import NAMED_COLOR, NAMED_COLOR_BONUS
from services.inference.options import InferenceOptions
from services.inference.pipeline.options import PipelineOptions
from services.inference.service import InferenceService
from settings import Settings
from training.evaluation.serving import Prediction, ServingOptions, ServingPath, category_of

ROOT = Path(__file__).parents[4]
DETECTOR, EMBEDDER = ROOT / "artifacts" / "demo-detector", ROOT / "artifacts" / "demo-embedder"
PHOTOS = ("weekend-set.jpg", "red-party-dress.jpg", "winter-set.jpg", "trail-sneakers.jpg")


@pytest.fixture(scope="module")
def path(taxonomy: Taxonomy) -> ServingPath:
    return ServingPath.load(DETECTOR, EMBEDDER, taxonomy)


@pytest.fixture(scope="module")
def contents() -> list[bytes]:
    return [(ROOT / "samples" / name).read_bytes() for name in PHOTOS]


async def test_items_are_those_of_the_server(
    path: ServingPath, contents: list[bytes], taxonomy: Taxonomy
) -> None:
    pipeline = PipelineOptions(quality=ServingOptions().quality)
    options = InferenceOptions(DETECTOR, EMBEDDER, slots=1, pipeline=pipeline)
    server = await InferenceService.load(options, taxonomy, lambda *_: None)
    try:
        for content in contents:
            served = [item for item in (await server.pipeline.analyze(content)).items if item.accepted]
            predicted = path.predict(decode(content, DecodeLimits()))
            assert [item.box for item in predicted.items] == [item.box for item in served]
            assert [item.label for item in predicted.items] == [item.label for item in served]
            for ours, theirs in zip(predicted.items, served, strict=True):
                assert ours.embedding == pytest.approx(theirs.embedding, abs=1e-5)
                assert ours.attributes["category"].value == theirs.attributes["category"].value
            whole, _ = await server.pipeline.embed_image(content)
            assert predicted.whole.embedding is not None
            assert predicted.whole.embedding @ whole[0] > 0.95  # the server predictions at a smaller copy
            assert predicted.main is predicted.items[choose_primary(predicted.items, "", None, taxonomy)]
            assert category_of(predicted.main).value == served_category_of(
                predicted.main.label, predicted.main.attributes, taxonomy
            )
        text = await server.pipeline.embed_text("red dress")
        assert path.embed_texts(["red dress"])[0] == pytest.approx(text, abs=1e-5)
    finally:
        await server.close()


def test_options_are_the_servers_defaults(tmp_path: Path) -> None:
    ours, served = ServingOptions(), Settings()
    for name in ("min_score", "iou_threshold", "any_class_iou_threshold", "max_detections", "expand_ratio"):
        assert getattr(ours, name) == getattr(served.pipeline, name), name
    assert ours.quality.min_side_px == served.quality.min_side_px
    assert ours.quality.max_aspect_ratio == served.quality.max_aspect_ratio
    catalog = CatalogOptions(database_url="sqlite://", blob_url=str(tmp_path), milvus_uri="")
    assert ours.category_bonus == catalog.category_bonus
    assert ours.named_color == NAMED_COLOR.color
    assert ours.named_color_bonus == NAMED_COLOR_BONUS


def test_a_photo_without_a_box_stands_for_itself(path: ServingPath) -> None:
    prediction = path.predict(np.full((120, 90, 3), 128, np.uint8))
    (item,) = prediction.items
    assert item.whole_image
    assert prediction.main is item
    assert item.box == Box(0, 0, 90, 120)
    assert item.label == category_of(item).value


def test_the_main_item_is_the_largest_by_area_times_score() -> None:
    small = AnalyzedItem(Box(0, 0, 10, 10), 0.9, "hat")
    large = AnalyzedItem(Box(0, 0, 20, 20), 0.5, "dress")
    assert Prediction(small, (small, large)).main is large


def test_an_artifact_of_the_wrong_task_is_refused(taxonomy: Taxonomy) -> None:
    with pytest.raises(ArtifactError, match="'detect'"):
        ServingPath.load(EMBEDDER, EMBEDDER, taxonomy)
