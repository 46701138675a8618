from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from domain.taxonomy import Taxonomy
from domain.types import Pixels
from imaging.colors import Palette, dominant_colors

TAXONOMY = Taxonomy.load(Path(__file__).parents[3] / "domain/taxonomy.toml")
PALETTE = Palette.of(TAXONOMY)
PALETTE_RGB = {
    name: np.clip(np.rint(cv2.cvtColor(lab[None, None], cv2.COLOR_Lab2RGB)[0, 0] * 255), 0, 255).astype(int)
    for name, lab in ((name, np.array(center, np.float32)) for name, center in TAXONOMY.colors.items())
}
WHITE, BLACK, RED, BLUE, GREEN = (
    PALETTE_RGB[name].tolist() for name in ("white", "black", "red", "blue", "green")
)


def garment_on(backdrop: list[int], *bands: list[int], height: int = 200, width: int = 150) -> Pixels:
    """Bands of colour from top to bottom, amid a backdrop of 15 % on each side, with camera noise."""
    picture = np.empty((height, width, 3), np.float64)
    picture[:] = backdrop
    top, left = int(height * 0.15), int(width * 0.15)
    edges = np.linspace(top, height - top, len(bands) + 1).astype(int)
    for band, start, end in zip(bands, edges[:-1], edges[1:], strict=True):
        picture[start:end, left : width - left] = band
    noisy = picture + np.random.default_rng(0).normal(0, 3, picture.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("name", TAXONOMY.colors)
def test_a_plain_garment_has_its_palette_colour(name: str) -> None:
    backdrop = WHITE if TAXONOMY.colors[name][0] < 70 else BLACK
    (share,) = dominant_colors(garment_on(backdrop, PALETTE_RGB[name].tolist()), PALETTE)
    assert share.name == name
    assert share.fraction == pytest.approx(1.0)
    found = np.array([share.rgb >> 16, share.rgb >> 8 & 255, share.rgb & 255])
    assert np.abs(found - PALETTE_RGB[name]).max() <= 6


@pytest.mark.parametrize("backdrop", [WHITE, BLACK, GREEN])
def test_the_backdrop_does_not_count(backdrop: list[int]) -> None:
    shares = dominant_colors(garment_on(backdrop, RED, BLUE), PALETTE)
    assert {share.name for share in shares} == {"red", "blue"}
    assert all(share.fraction == pytest.approx(0.5, abs=0.05) for share in shares)


def shaded(center: tuple[float, float, float]) -> list[int]:
    rgb = cv2.cvtColor(np.array([[center]], np.float32), cv2.COLOR_Lab2RGB)[0, 0]
    return np.clip(np.rint(rgb * 255), 0, 255).astype(int).tolist()


@pytest.mark.parametrize(("name", "centers"), TAXONOMY.color_variants.items())
def test_a_variant_has_the_name_of_its_colour(
    name: str, centers: tuple[tuple[float, float, float], ...]
) -> None:
    for center in centers:
        backdrop = BLUE if name == "white" else WHITE
        (share,) = dominant_colors(garment_on(backdrop, shaded(center)), PALETTE)
        assert share.name == name


@pytest.mark.parametrize(
    ("center", "family"),
    [
        ((8.0, 0.0, -3.0), "black"),
        ((20.0, 1.0, -3.0), "black"),
        ((24.0, 1.0, -4.0), "black"),
        ((28.0, 0.0, -2.0), "black"),
        ((34.0, 0.0, -2.0), "grey"),
        ((13.0, 5.0, -18.0), "blue"),
        ((35.0, -1.0, -18.0), "blue"),
    ],
)
def test_dark_cloth_is_called_as_people_call_it(center: tuple[float, float, float], family: str) -> None:
    shares = dominant_colors(garment_on(WHITE, shaded(center)), PALETTE)
    assert TAXONOMY.family_of(shares[0].name) == family


def test_shades_of_a_family_count_together_for_the_main_colour() -> None:
    navy, denim, black = (PALETTE_RGB[name].tolist() for name in ("navy", "denim", "black"))
    shares = dominant_colors(garment_on(WHITE, navy, black, denim, black, navy), PALETTE)
    assert {share.name for share in shares[:2]} == {"navy", "denim"}
    assert shares[2].name == "black"
    assert shares[2].fraction == max(share.fraction for share in shares)


def test_a_neighbour_at_the_edge_does_not_count() -> None:
    picture = garment_on(WHITE, RED)
    picture[:, :35] = BLUE  # a fifth of the crop, beside the garment
    assert [share.name for share in dominant_colors(picture, PALETTE)] == ["red"]


def test_white_on_white_is_white() -> None:
    assert [share.name for share in dominant_colors(garment_on(WHITE, WHITE), PALETTE)] == ["white"]


def test_largest_first_and_at_most_as_many_as_asked() -> None:
    picture = garment_on(WHITE, BLUE, RED, RED, RED, BLUE, GREEN)
    shares = dominant_colors(picture, PALETTE)
    assert {share.name for share in shares} == {"red", "blue", "green"}
    assert shares[0].name == "red"
    fractions = [share.fraction for share in shares]
    assert fractions == sorted(fractions, reverse=True)
    assert len(dominant_colors(picture, PALETTE, max_colors=2)) == 2


def test_a_tiny_share_is_dropped() -> None:
    picture = garment_on(WHITE, RED)
    picture[95:103, 70:80] = BLUE
    assert [share.name for share in dominant_colors(picture, PALETTE)] == ["red"]


def test_folds_do_not_make_a_second_colour() -> None:
    picture = garment_on(WHITE, RED).astype(np.float64)
    shading = 1 - 0.25 * (np.sin(np.arange(picture.shape[1]) / 6) > 0)
    picture[30:170, 22:128] *= shading[None, 22:128, None]
    assert len(dominant_colors(picture.astype(np.uint8), PALETTE)) == 1


@given(
    crop=arrays.arrays(
        np.uint8,
        st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(3)),
        elements=st.integers(0, 255),
    ),
    max_colors=st.integers(1, 4),
)
@settings(deadline=None)
def test_fractions_sum_to_one(crop: Pixels, max_colors: int) -> None:
    shares = dominant_colors(crop, PALETTE, max_colors)
    assert 1 <= len(shares) <= max_colors
    assert sum(share.fraction for share in shares) == pytest.approx(1.0)
    assert len({share.name for share in shares}) == len(shares)
    assert all(0 <= share.rgb <= 0xFFFFFF for share in shares)


@pytest.mark.parametrize("size", [(1, 1), (1, 9000), (9000, 1), (3, 5000)])
def test_odd_shapes(size: tuple[int, int]) -> None:
    crop = np.full((*size, 3), RED, np.uint8)
    assert [share.name for share in dominant_colors(crop, PALETTE)] == ["red"]


def test_equal_pictures_give_equal_answers_and_leave_the_global_generator_alone() -> None:
    crop = np.random.default_rng(5).integers(0, 256, (90, 70, 3)).astype(np.uint8)
    before = np.random.get_state(legacy=False)["state"]["pos"]
    first = dominant_colors(crop, PALETTE)
    assert dominant_colors(crop, PALETTE) == first
    assert np.random.get_state(legacy=False)["state"]["pos"] == before
