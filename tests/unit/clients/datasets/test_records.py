from __future__ import annotations

import pytest

from armoire.datasets.records import caption_of, class_names


@pytest.mark.parametrize(
    ("attributes", "caption"),
    [
        ({}, "dress"),
        ({"color": ["red", "white"], "pattern": ["plain"]}, "red white dress"),
        ({"pattern": ["striped"], "style": ["casual"]}, "striped dress, casual style"),
        ({"season": ["spring", "summer"], "category": ["dress"]}, "dress, spring and summer season"),
    ],
)
def test_captions_say_what_people_said(attributes: dict[str, list[str]], caption: str) -> None:
    assert caption_of("dress", attributes) == caption


def test_classes_of_the_taxonomy_keep_their_places() -> None:
    records = [{"items": [{"category": name} for name in ("zori", "hat", "ignore", "anorak")]}]
    assert class_names(("dress", "hat"), records, with_ignore=False) == ("dress", "hat", "anorak", "zori")
    assert class_names(("dress", "hat"), [], with_ignore=True) == ("dress", "hat", "ignore")
