from __future__ import annotations

from dataclasses import replace

from domain.types import ModelVersion
from services.catalog.records.item_sample import ItemWords
from services.catalog.resources.sampled_items import KEPT_S, RecentItems, SampledItem
from tests.unit.services.catalog.sync.test_index_rows import COAT

VERSION = ModelVersion("model-1", "square-1")


def sampled(item_id: str, revision: str = "1.1", product_type: str = "") -> SampledItem:
    return SampledItem(
        replace(COAT, tenant_id="t", id=item_id, revision=revision, product_type=product_type),
        ItemWords("", ""),
    )


def test_an_item_is_kept_as_of_its_revision() -> None:
    recent = RecentItems()
    coat = sampled("coat")
    recent.put(VERSION, coat)
    assert recent.get("t", VERSION, "coat", "1.1") is coat
    assert recent.get("t", VERSION, "coat", "2.1") is None
    assert recent.get("u", VERSION, "coat", "1.1") is None
    assert recent.get("t", ModelVersion("model-2", "square-1"), "coat", "1.1") is None
    changed = sampled("coat", "2.1")
    recent.put(VERSION, changed)
    assert recent.get("t", VERSION, "coat", "2.1") is changed


def test_what_was_used_least_lately_goes_first() -> None:
    recent = RecentItems(most=2)
    for item_id in ("coat", "shirt"):
        recent.put(VERSION, sampled(item_id))
    assert recent.get("t", VERSION, "coat", "1.1") is not None
    recent.put(VERSION, sampled("dress"))
    kept = [item_id for item_id in ("coat", "shirt", "dress") if recent.get("t", VERSION, item_id, "1.1")]
    assert kept == ["coat", "dress"]


def test_what_end_users_own_is_not_kept() -> None:
    recent = RecentItems()
    recent.put(VERSION, sampled("coat", product_type="Wardrobe"))
    assert recent.get("t", VERSION, "coat", "1.1") is None


def test_old_items_are_let_go() -> None:
    now = [1000.0]
    recent = RecentItems(clock=lambda: now[0])
    recent.put(VERSION, sampled("coat"))
    now[0] += KEPT_S / 2
    recent.put(VERSION, sampled("shirt"))
    assert recent.get("t", VERSION, "coat", "1.1") is not None  # looking at it does not keep it
    now[0] += KEPT_S / 2
    recent.drop_old()
    kept = [item_id for item_id in ("coat", "shirt") if recent.get("t", VERSION, item_id, "1.1")]
    assert kept == ["shirt"]
