from __future__ import annotations

import pytest

from domain.garment_types import Slot
from services.outfits.grammar import place, problems
from tests.unit.services.outfits.wardrobes import piece


def slots_of(*texts: str) -> list[Slot]:
    return [placed.slot for placed in place([piece(text) for text in texts])]


@pytest.mark.parametrize(
    "texts",
    [
        ("white shirt", "navy chinos", "brown loafers"),
        ("green dress", "beige high heels", "camel bag", "silver jewellery"),
        ("white shirt", "grey sweater", "navy chinos", "brown loafers", "camel coat", "grey socks"),
        ("white shirt", "black waistcoat", "black blazer", "black trousers", "black shoes", "red tie"),
    ],
)
def test_outfits(texts: tuple[str, ...]) -> None:
    assert problems(place([piece(text) for text in texts])) == []


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (("white shirt", "navy chinos"), ["no piece fills the slot shoes"]),
        (("brown loafers",), ["no piece fills the slot top", "no piece fills the slot bottom"]),
        (("green dress", "blue jeans", "brown boots"), ["the one-piece fills the slot bottom, too"]),
        (
            ("white shirt", "blue jeans", "brown boots", "black sandals"),
            ["2 pieces fill the slot shoes, which takes 1"],
        ),
        (("white shirt", "blue shirt", "blue jeans", "brown boots"), None),
        (
            ("white shirt", "blue jeans", "brown boots", "red belt", "brown belt"),
            ["2 of its pieces are belt"],
        ),
    ],
)
def test_what_is_no_outfit_and_why(texts: tuple[str, ...], said: list[str] | None) -> None:
    found = problems(place([piece(text) for text in texts]))
    assert found == said if said is not None else len(found) == 2


def test_an_item_is_worn_once() -> None:
    shirt = piece("white shirt")
    found = problems(place([shirt, shirt, piece("blue jeans"), piece("brown boots")]))
    assert f"the item {shirt.item_id} is there 2 times" in found


def test_a_piece_takes_the_slot_that_makes_an_outfit() -> None:
    assert slots_of("grey sweater", "blue jeans", "brown boots") == [Slot.TOP, Slot.BOTTOM, Slot.SHOES]
    worn_over = slots_of("grey sweater", "white shirt", "blue jeans", "brown boots")
    assert worn_over == [Slot.LAYER, Slot.TOP, Slot.BOTTOM, Slot.SHOES]
