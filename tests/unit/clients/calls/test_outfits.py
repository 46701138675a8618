"""Calls on outfits, through both clients."""

from __future__ import annotations

from typing import Any

import pytest

from armoire import InvalidInput, Occasion, OutfitSlot, Season
from armoire.v1 import outfits_pb2, products_pb2

SHOES = outfits_pb2.OutfitItem(
    item_id="i2",
    slot="OUTFIT_SLOT_SHOES",
    category="shoes",
    garment_type="loafers",
    color="brown",
    product=products_pb2.Product(id="p1", display_name="Loafers"),
)
OUTFIT = outfits_pb2.Outfit(
    score=0.75,
    terms=[
        outfits_pb2.OutfitTerm(name="color", value=0.5, points=0.25, reason="navy and camel"),
        outfits_pb2.OutfitTerm(name="season", value=1.0, points=0.5),
    ],
    explanation="Navy chinos and brown loafers.",
    items=[outfits_pb2.OutfitItem(item_id="i1", slot=99), SHOES],  # type: ignore[arg-type]
)


def test_outfits_are_suggested(client: Any, server: Any) -> None:
    server.say("SuggestOutfits", outfits_pb2.SuggestOutfitsResponse(outfits=[OUTFIT]))
    (outfit,) = client.outfits.suggest(
        3,
        seed=7,
        base=["i1"],
        where="price<50",
        occasion=Occasion(Season.WINTER, -2.0, 0.0),
        slots=["shoes"],
        diversity=0.0,
        include_crop_urls=True,
    )
    assert (outfit.score, outfit.points) == (0.75, {"color": 0.25, "season": 0.5})
    assert [item.slot for item in outfit.items] == [OutfitSlot.UNKNOWN, OutfitSlot.SHOES]
    assert outfit.items[1].product.display_name == "Loafers"
    (request,) = server.requests["SuggestOutfits"]
    assert (request.count, request.seed, request.base_item_ids) == (3, 7, ["i1"])
    assert request.filter.conditions[0].range.less_than == 50
    assert request.occasion == outfits_pb2.Occasion(season="SEASON_WINTER", temperature_c=-2.0, formality=0.0)
    assert (request.slots, request.diversity) == ([outfits_pb2.OUTFIT_SLOT_SHOES], 0.0)
    assert request.HasField("diversity")
    assert request.include_crop_urls


def test_what_is_not_said_is_open(client: Any, server: Any) -> None:
    server.say("SuggestOutfits", outfits_pb2.SuggestOutfitsResponse())
    assert client.outfits.suggest() == ()
    (request,) = server.requests["SuggestOutfits"]
    assert request == outfits_pb2.SuggestOutfitsRequest(occasion=outfits_pb2.Occasion())


def test_a_slot_is_filled(client: Any, server: Any) -> None:
    candidate = outfits_pb2.OutfitCandidate(item=SHOES, outfit=OUTFIT)
    server.say("CompleteOutfit", outfits_pb2.CompleteOutfitResponse(candidates=[candidate]))
    (found,) = client.outfits.complete(["i1"], OutfitSlot.SHOES, 2)
    assert (found.item.item_id, found.outfit.items[1]) == ("i2", found.item)
    (request,) = server.requests["CompleteOutfit"]
    assert (request.slot, request.count) == (outfits_pb2.OUTFIT_SLOT_SHOES, 2)
    assert not request.HasField("diversity")


def test_items_are_scored(client: Any, server: Any) -> None:
    reply = outfits_pb2.ScoreOutfitResponse(outfit=OUTFIT, problems=["no piece fills the slot top"])
    server.say("ScoreOutfit", reply)
    scored = client.outfits.score(["i1", "i2"], occasion=Occasion("summer"))
    assert (scored.valid, scored.problems) == (False, ("no piece fills the slot top",))
    assert scored.outfit.terms[0].reason == "navy and camel"
    (request,) = server.requests["ScoreOutfit"]
    assert request.occasion.season == outfits_pb2.SEASON_SUMMER


def test_words_that_are_none_are_refused_here(client: Any) -> None:
    with pytest.raises(InvalidInput, match=r"slots\[1\]: must be one of top, bottom.*'socks'"):
        client.outfits.suggest(slots=["shoes", "socks"])
    with pytest.raises(InvalidInput, match=r"occasion\.season: must be one of spring.*'monsoon'"):
        client.outfits.score(["i1"], occasion=Occasion("monsoon"))
