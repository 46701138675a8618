from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from domain.types import Box, Detection
from training.evaluation.colors import FamilyAnswer, FamilyRow, measure_families, nearest_box
from training.evaluation.figures import Figures
from training.evaluation.ground_truth import FamilyTruth, read_ground_truth
from training.evaluation.tables import NOT_MEASURED, tables

ROOT = Path(__file__).parents[4]
TAXONOMY = Taxonomy.load(ROOT / "domain/taxonomy.toml")


def answer(image: str, family: str, in_box: str, served: str, also: str = "") -> FamilyAnswer:
    accepted = frozenset([also] if also else [])
    return FamilyAnswer(FamilyTruth("street", image, "coat", family, accepted), in_box, served)


def test_shares_count_known_boxes_and_found_garments_apart() -> None:
    found = measure_families(
        [
            answer("a", "black", "black", "grey"),
            answer("b", "black", "grey", ""),
            answer("c", "blue", "black", "blue", also="black"),
            answer("d", "blue", "", ""),
        ]
    )
    assert found is not None
    assert found.garments == 4
    assert found.in_box is not None
    assert (found.in_box.value, found.in_box.count) == (pytest.approx(2 / 3), 3)
    assert found.served is not None
    assert (found.served.value, found.served.count) == (0.5, 2)
    assert found.rows[0] == FamilyRow("black", 2, 0.5, {"grey": 1})


def test_nothing_is_measured_without_answers() -> None:
    assert measure_families([]) is None
    unknown = measure_families([answer("a", "black", "", "")])
    assert unknown is not None
    assert unknown.in_box is unknown.served is None


def test_the_nearest_box_overlaps_by_half_or_more() -> None:
    box = Box(0, 0, 10, 10)
    near, nearer, far = Box(0, 0, 10, 6), Box(0, 0, 10, 8), Box(8, 8, 20, 20)
    detections = [Detection(each, 0.5, "dress") for each in (far, near, nearer)]
    assert nearest_box(box, detections) == nearer
    assert nearest_box(box, detections[:1]) is None
    assert nearest_box(box, []) is None


def test_the_committed_families_can_be_read() -> None:
    families = read_ground_truth(ROOT / "training/ground_truth", TAXONOMY).families
    assert [sum(each.photos == kind for each in families) for kind in ("street", "clothing")] == [100, 100]
    assert len({(each.image, each.garment) for each in families}) == 200
    assert all(each.family not in each.also and len(each.also) <= 1 for each in families)
    navy = next(each for each in families if each.family == "blue" and "black" in each.also)
    assert np.all([navy.accepts("blue"), navy.accepts("black"), not navy.accepts("green")])


def test_the_families_to_fit_by_are_of_other_photos() -> None:
    truth = read_ground_truth(ROOT / "training/ground_truth", TAXONOMY)
    fitted = truth.train_families
    assert [sum(each.photos == kind for each in fitted) for kind in ("street", "clothing")] == [605, 629]
    assert len({(each.image, each.garment) for each in fitted}) == 1234
    assert all(each.family not in each.also and len(each.also) <= 2 for each in fitted)
    assert not {each.image for each in fitted} & {each.image for each in truth.families}


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("beach,a,coat,black,", "families.csv[0].photos"),
        ("street,a,coat,navy,", "families.csv[0].family"),
        ("street,a,coat,black,charcoal", "families.csv[0].also"),
    ],
)
def test_a_bad_family_is_named(tmp_path: Path, row: str, field: str) -> None:
    (tmp_path / "families.csv").write_text(f"photos,image,garment,family,also\n{row}\n")
    with pytest.raises(InvalidInput) as refused:
        read_ground_truth(tmp_path, TAXONOMY)
    assert refused.value.violations[0].field == field


def test_the_tables_show_families(full_figures: Figures, figures: Figures) -> None:
    made = tables(full_figures.to_json())
    assert "| worn | 100 | 0.770 (0.670 to 0.870)" in made["families"]
    assert "| black | 36 | 0.90 | grey 3, blue 1 |" in made["families-worn"]
    assert tables(figures.to_json())["families"] == NOT_MEASURED
