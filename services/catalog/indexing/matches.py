"""Which of the garments that are found in a photo are the items that people have changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from domain.types import AnalyzedItem
from services.catalog.ids import item_id
from services.catalog.records.kept_items import KeptItem

SAME_IOU = 0.5
"""Boxes that overlap by this much, or more, are of one garment."""
EQUAL_IOU = 0.9
"""Boxes that overlap by this much, or more, show the same, so one's crop serves for the other."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """A found garment with the item that it is."""

    id: str
    ordinal: int
    analyzed: AnalyzedItem


@dataclass(frozen=True, slots=True)
class Matches:
    """The garments by item, and the kept items that must be looked at by their own boxes."""

    assigned: tuple[Assigned, ...]
    unseen: tuple[KeptItem, ...]


def match_items(image_id: str, accepted: Mapping[int, AnalyzedItem], kept: Sequence[KeptItem]) -> Matches:
    """Give every garment its item; `accepted` is by the index in the analysis.

    Each kept item takes the garment whose box overlaps its own most, pairs with the greatest overlap first,
    and has what is found of that garment; one with a person's box keeps that box, and is looked at anew
    unless both boxes show the same. The other garments have the items of their index, or of the next free
    one.
    """
    pairs = _pairs(accepted, kept)
    taken = {item.ordinal for item in kept} | (accepted.keys() - pairs.values())
    free = (ordinal for ordinal in count() if ordinal not in taken)
    ordinals = {item.ordinal for item in kept}
    assigned, unseen = [], []
    for item in kept:
        analyzed = _seen(item, accepted.get(pairs.get(item.id, -1)))
        if analyzed is None:
            unseen.append(item)
        else:
            assigned.append(Assigned(item.id, item.ordinal, analyzed))
    for index in sorted(accepted.keys() - pairs.values()):
        ordinal = next(free) if index in ordinals else index
        assigned.append(Assigned(item_id(image_id, ordinal), ordinal, accepted[index]))
    return Matches(tuple(assigned), tuple(unseen))


def seen_by_own_box(item: KeptItem, analyzed: AnalyzedItem) -> AnalyzedItem:
    """What was found in the box of an item, with the box as it is kept, and what its detector has said."""
    return replace(analyzed, box=item.box, whole_image=item.whole_image, label=item.label, score=item.score)


def _pairs(accepted: Mapping[int, AnalyzedItem], kept: Sequence[KeptItem]) -> dict[str, int]:
    """Indices of garments by the ids of kept items."""
    overlaps = sorted(
        (
            (-found.box.iou(item.box), item.ordinal, index, item.id)
            for index, found in accepted.items()
            for item in kept
            if found.box.iou(item.box) >= SAME_IOU
        ),
    )
    pairs: dict[str, int] = {}
    for _, _, index, id in overlaps:
        if id not in pairs and index not in pairs.values():
            pairs[id] = index
    return pairs


def _seen(item: KeptItem, found: AnalyzedItem | None) -> AnalyzedItem | None:
    """What a matching garment tells of a kept item; None where it must be looked at by its own box."""
    if found is None or not item.own_box:
        return found
    same = found.box.iou(item.box) >= EQUAL_IOU
    return replace(found, box=item.box, whole_image=item.whole_image) if same else None
