"""Which of the garments that are found in a photo are items that it has already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from domain.types import AnalyzedItem, Box
from services.catalog.ids import item_id
from services.catalog.records.kept_items import FormerItem, KeptItem

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


def match_items(
    image_id: str,
    accepted: Mapping[int, AnalyzedItem],
    kept: Sequence[KeptItem],
    former: Sequence[FormerItem] = (),
) -> Matches:
    """Give every garment its item; `accepted` is by the index in the analysis.

    Each kept item takes the garment whose box overlaps its own most, pairs with the greatest overlap first,
    and has what is found of that garment; one with a person's box keeps that box, and is looked at anew
    unless both boxes show the same. The former items take the others in the same way, so that an item keeps
    its id under another detector, and has it again under the first one. Garments that are no item yet have
    the items of their index, or of the next number that no item of the photo has had.
    """
    pairs = _pairs(accepted, [(item.id, item.ordinal, item.box) for item in kept])
    assigned, unseen = [], []
    for item in kept:
        analyzed = _seen(item, accepted.get(pairs.get(item.id, -1)))
        if analyzed is None:
            unseen.append(item)
        else:
            assigned.append(Assigned(item.id, item.ordinal, analyzed))
    others = {index: accepted[index] for index in sorted(accepted.keys() - pairs.values())}
    ordinals = _ordinals(others, kept, former)
    assigned += [
        Assigned(item_id(image_id, ordinals[index]), ordinals[index], found)
        for index, found in others.items()
    ]
    return Matches(tuple(assigned), tuple(unseen))


def seen_by_own_box(item: KeptItem, analyzed: AnalyzedItem) -> AnalyzedItem:
    """What was found in the box of an item, with the box as it is kept, and what its detector has said."""
    return replace(analyzed, box=item.box, whole_image=item.whole_image, label=item.label, score=item.score)


def _ordinals(
    others: Mapping[int, AnalyzedItem], kept: Sequence[KeptItem], former: Sequence[FormerItem]
) -> dict[int, int]:
    """The numbers of the items of garments that are no kept ones, by index; live items come first."""
    numbers: dict[int, int] = {}
    for live in (True, False):
        left = {index: found for index, found in others.items() if index not in numbers}
        boxes = [(item.id, item.ordinal, item.box) for item in former if item.live is live and item.box]
        of_id = {id: ordinal for id, ordinal, _ in boxes}
        numbers |= {index: of_id[id] for id, index in _pairs(left, boxes).items()}
    used = {item.ordinal for item in kept} | {item.ordinal for item in former}
    new = [index for index in others if index not in numbers]
    free = (ordinal for ordinal in count() if ordinal not in used.union(new))
    return numbers | {index: next(free) if index in used else index for index in new}


def _pairs(accepted: Mapping[int, AnalyzedItem], items: Sequence[tuple[str, int, Box]]) -> dict[str, int]:
    """Indices of garments by the ids of items, which are given with their ordinals and boxes."""
    overlaps = sorted(
        (-found.box.iou(box), ordinal, index, id)
        for index, found in accepted.items()
        for id, ordinal, box in items
        if found.box.iou(box) >= SAME_IOU
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
