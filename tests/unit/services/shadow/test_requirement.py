"""What a candidate must have shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.errors import FailedPrecondition, InvalidInput
from domain.types import ModelVersion
from services.shadow.figures import ShadowFigures
from services.shadow.requirement import ShadowRequirement

FIGURES = ShadowFigures(
    ModelVersion("live", "p"), ModelVersion("new", "p"), 0, 40, 100, 95, neighbourhoods=60, overlap=0.7
)
REQUIRED = ShadowRequirement(100, 0.95, 0.7)


def test_figures_that_reach_it_pass() -> None:
    REQUIRED.check("new", "live", FIGURES)


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        (None, "new has not been compared"),
        (replace(FIGURES, candidate=ModelVersion("other", "p")), "new has not been compared"),
        (replace(FIGURES, live=ModelVersion("old", "p")), "compared with old, live is live now"),
        (replace(FIGURES, garments=99), "garments 99 after 40 photos, not 100"),
        (replace(FIGURES, same_labels=94), "label agreement 0.94 after 40 photos, not 0.95"),
        (replace(FIGURES, overlap=0.69), "overlap@10 0.69 after 40 photos, not 0.7"),
    ],
)
def test_others_do_not(figures: ShadowFigures | None, said: str) -> None:
    with pytest.raises(FailedPrecondition, match=said) as raised:
        REQUIRED.check("new", "live", figures)
    assert raised.value.reason == "SHADOW_REQUIREMENT_NOT_MET"


@pytest.mark.parametrize(
    ("required", "field"),
    [
        (ShadowRequirement(0), "min_garments"),
        (ShadowRequirement(1, 1.5), "min_label_agreement"),
        (ShadowRequirement(1, 0.5, -0.1), "min_overlap"),
        (ShadowRequirement(1, float("nan")), "min_label_agreement"),
    ],
)
def test_what_is_out_of_range_is_refused(required: ShadowRequirement, field: str) -> None:
    with pytest.raises(InvalidInput, match=f"required_shadow.{field}"):
        required.check("new", "live", FIGURES)
