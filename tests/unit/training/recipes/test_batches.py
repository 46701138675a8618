from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from domain.taxonomy import Taxonomy  # noqa: E402
from domain.types import Pixels  # noqa: E402
from export import torchvision_fix  # noqa: E402
from training.data.examples import Example, ExampleMaker  # noqa: E402
from training.recipes.batches import QUESTIONS, SMOOTHING, BatchMaker, Sources  # noqa: E402
from training.recipes.two_towers import as_input  # noqa: E402
from training.synthetic.garments import kinds  # noqa: E402

SIDE = 24


@pytest.fixture(scope="module", autouse=True)
def working_torchvision() -> None:
    """As training applies it before its first batch."""
    torchvision_fix.apply()


@pytest.fixture(scope="module")
def maker(taxonomy: Taxonomy) -> ExampleMaker:
    return ExampleMaker(taxonomy, seed=3)


def example(maker: ExampleMaker, kind: str, grey: int = 120) -> Example:
    """A grey garment on a white ground, its category, colour and pattern known."""
    picture = np.full((48, 48, 3), 255, np.uint8)
    picture[16:32, 16:32] = grey
    mask = np.where(picture[..., 0] < 255, 255, 0).astype(np.uint8)
    return maker.known(picture, mask, kind, 0, 0)


def batches(
    maker: ExampleMaker,
    taxonomy: Taxonomy,
    groups: list[tuple[float, list[Example]]],
    backgrounds: list[Pixels] | None = None,
    size: int = 16,
) -> BatchMaker:
    sources = Sources(groups, [], backgrounds or [])
    return BatchMaker(sources, taxonomy, maker, size, np.random.default_rng(1))


def test_a_third_are_blends_and_the_others_come_in_two_views(maker: ExampleMaker, taxonomy: Taxonomy) -> None:
    batch = batches(maker, taxonomy, [(1.0, [example(maker, kind) for kind in names()[:2]])]).draw(SIDE)
    assert batch.pictures.shape == (16, 3, SIDE, SIDE)
    assert len(batch.pairs) == 5
    for name in QUESTIONS:
        rows = batch.answers[name]
        assert rows.shape == (16, len(taxonomy.attribute(name).values))
        assert torch.equal(rows[-10:-5], rows[-5:])
    categories = batch.answers["category"]
    assert torch.allclose(categories.sum(dim=1), torch.ones(16))
    assert float(categories[-10:].max()) == pytest.approx(1 - SMOOTHING + SMOOTHING / categories.shape[1])
    assert [int(row.argmax()) for row in categories[-10:-5]] == [pair.category for pair in batch.pairs]


def test_of_a_blend_only_the_category_is_known(maker: ExampleMaker, taxonomy: Taxonomy) -> None:
    batch = batches(maker, taxonomy, [(1.0, [example(maker, kind) for kind in names()[:4]])]).draw(SIDE)
    for name in ("color", "pattern", "style"):
        assert not batch.answers[name][:6].any()
    assert batch.answers["color"][6:].any(dim=1).all()


def test_what_is_not_known_of_an_example_is_a_row_of_zeros(maker: ExampleMaker, taxonomy: Taxonomy) -> None:
    unknown = replace(example(maker, names()[0]), mask=None, color=None, pattern=None, style=None)
    batch = batches(maker, taxonomy, [(1.0, [unknown])]).draw(SIDE)
    assert not any(batch.answers[name].any() for name in ("color", "pattern", "style"))


def test_groups_are_drawn_by_their_shares(maker: ExampleMaker, taxonomy: Taxonomy) -> None:
    often, seldom, never = (replace(example(maker, names()[0]), category=index) for index in range(3))
    groups = [(0.9, [often]), (0.1, [seldom] * 50), (0.0, [never])]
    pairs = batches(maker, taxonomy, groups, size=800).draw(8).pairs
    counts = [sum(pair.category == index for pair in pairs) for index in range(3)]
    assert counts[2] == 0
    assert counts[0] / sum(counts) == pytest.approx(0.9, abs=0.06)


def test_garments_are_moved_to_the_backgrounds_of_the_sources(
    maker: ExampleMaker, taxonomy: Taxonomy
) -> None:
    lime = np.full((48, 48, 3), (0, 255, 0), np.uint8)
    still, moved = (
        batches(maker, taxonomy, [(1.0, [example(maker, names()[0])])], grounds, size=120).draw(SIDE)
        for grounds in ([], [lime])
    )
    assert lime_share(still.pictures) < 0.05 < lime_share(moved.pictures) < 0.5


def lime_share(pictures: torch.Tensor) -> float:
    """Of the pictures, how many are mostly lime."""
    white, black = (as_input(np.full((1, 1, 1, 3), value, np.uint8)) for value in (255, 0))
    shares = (pictures - black) / (white - black)
    lime = (shares[:, 1] - shares[:, 0] > 0.4) & (shares[:, 1] - shares[:, 2] > 0.4)
    return float((lime.float().mean(dim=(1, 2)) > 0.3).float().mean())


def names() -> list[str]:
    """Kinds of drawn garments, each of another category."""
    by_category = {kind.category: name for name, kind in reversed(kinds().items())}
    return list(by_category.values())
