from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from armoire.command import outfits
from armoire.v1 import items_pb2, outfits_pb2, products_pb2
from tests.unit.clients.command.outcomes import documents


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (30, 40), "green").save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
def outfit(product: products_pb2.Product) -> outfits_pb2.Outfit:
    return outfits_pb2.Outfit(
        score=0.75,
        terms=[
            outfits_pb2.OutfitTerm(name="color", value=0.5, points=0.25, reason="navy and camel"),
            outfits_pb2.OutfitTerm(name="season", value=1.0, points=0.5),
        ],
        explanation="Navy dress and brown loafers.",
        items=[
            outfits_pb2.OutfitItem(
                item_id="i1",
                slot="OUTFIT_SLOT_ONE_PIECE",
                category="dress",
                garment_type="dress",
                color="navy",
            ),
            outfits_pb2.OutfitItem(
                item_id="i2",
                slot="OUTFIT_SLOT_SHOES",
                category="shoes",
                garment_type="loafers",
                product=product,
            ),
        ],
    )


DOCUMENT = {
    "score": 0.75,
    "terms": {"color": 0.25, "season": 0.5},
    "explanation": "Navy dress and brown loafers.",
    "items": [
        {
            "item_id": "i1",
            "slot": "one-piece",
            "category": "dress",
            "garment_type": "dress",
            "color": "navy",
            "product_id": None,
        },
        {
            "item_id": "i2",
            "slot": "shoes",
            "category": "shoes",
            "garment_type": "loafers",
            "color": "",
            "product_id": "product-1",
        },
    ],
}


def test_suggest(armoire: Any, server: Any, outfit: outfits_pb2.Outfit) -> None:
    server.say("SuggestOutfits", outfits_pb2.SuggestOutfitsResponse(outfits=[outfit, outfit]))
    options = ("--count", "2", "--seed", "7", "--base", "i1", "--where", "price<50", "--slots", "shoes")
    occasion = ("--season", "winter", "--temperature", "-2", "--formality", "0.5")
    status, out, _ = armoire("outfit", "suggest", *options, *occasion, "--json")
    assert (status, documents(out)) == (0, [DOCUMENT, DOCUMENT])
    (request,) = server.requests["SuggestOutfits"]
    assert (request.count, request.seed, request.base_item_ids) == (2, 7, ["i1"])
    assert (request.occasion.temperature_c, request.slots) == (-2.0, [outfits_pb2.OUTFIT_SLOT_SHOES])
    lines = armoire("outfit", "suggest")[1].splitlines()
    assert lines[0] == "1. Navy dress and brown loafers."
    assert lines[1].split() == ["slot", "garment", "color", "product", "price", "item"]
    assert lines[2].split() == ["one-piece", "dress", "navy", "-", "-", "i1"]
    assert lines[4] == "score 0.75 = color 0.25 + season 0.5"


def test_complete(armoire: Any, server: Any, outfit: outfits_pb2.Outfit) -> None:
    candidate = outfits_pb2.OutfitCandidate(item=outfit.items[1], outfit=outfit)
    server.say("CompleteOutfit", outfits_pb2.CompleteOutfitResponse(candidates=[candidate]))
    status, out, _ = armoire("outfit", "complete", "--base", "i1", "--slot", "shoes", "--json")
    assert (status, documents(out)) == (0, [DOCUMENT | {"candidate": "i2"}])
    (request,) = server.requests["CompleteOutfit"]
    assert (request.base_item_ids, request.slot) == (["i1"], outfits_pb2.OUTFIT_SLOT_SHOES)
    _, row = armoire("outfit", "complete", "--base", "i1", "--slot", "shoes")[1].splitlines()
    assert row.split()[:4] == ["1", "0.750", "shoes", "loafers"]
    assert row.endswith("Navy dress and brown loafers.")


def test_what_a_term_takes_away_is_subtracted() -> None:
    points = {"color": 0.4, "formality": -0.0504, "season": 0.0}
    assert outfits.points_text(points) == "color 0.4 - formality 0.05 + season 0"
    assert outfits.points_text({"color": -0.1}) == "- color 0.1"


def test_score(armoire: Any, server: Any, outfit: outfits_pb2.Outfit) -> None:
    reply = outfits_pb2.ScoreOutfitResponse(outfit=outfit, problems=["no piece fills the slot top"])
    server.say("ScoreOutfit", reply)
    status, out, _ = armoire("outfit", "score", "i1", "i2", "--json")
    said = {"valid": False, "problems": ["no piece fills the slot top"]}
    assert (status, documents(out)) == (0, [DOCUMENT | said])
    assert armoire("outfit", "score", "i1")[1].splitlines()[-1] == "no outfit: no piece fills the slot top"


def test_a_sheet_has_a_row_for_each_outfit(
    armoire: Any, server: Any, outfit: outfits_pb2.Outfit, item: items_pb2.Item, tmp_path: Path
) -> None:
    server.say("SuggestOutfits", outfits_pb2.SuggestOutfitsResponse(outfits=[outfit, outfit]))
    item.crop = picture()
    server.say("GetItem", items_pb2.GetItemResponse(item=item))
    target = tmp_path / "looks.png"
    status, _, err = armoire("outfit", "suggest", "--sheet", str(target))
    assert (status, err) == (0, f"saved {target}\n")
    assert len(server.requests["GetItem"]) == 2
    with Image.open(target) as sheet:
        assert sheet.size == (3 * 192 + 12, 2 * (56 + 180 + 64 + 12) + 12)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("suggest", "--slots", "shoes,socks"), "must be some of top, bottom"),
        (("complete", "--base", "i1", "--slot", "socks"), "invalid choice: 'socks'"),
        (("complete", "--slot", "shoes"), "--base"),
        (("suggest", "--where", "price"), "expected =, !=,"),
        (("suggest", "--sheet", "looks.txt"), "looks.txt"),
    ],
)
def test_a_bad_command_line_is_refused(armoire: Any, arguments: tuple[str, ...], said: str) -> None:
    status, _, err = armoire("outfit", *arguments)
    assert status != 0
    assert said in err


def test_the_help_teaches(armoire: Any) -> None:
    out = armoire("outfit", "suggest", "--help")[1]
    assert "armoire outfit suggest --season winter --temperature -2" in out
    assert "An outfit has a top, a bottom and shoes" in out
