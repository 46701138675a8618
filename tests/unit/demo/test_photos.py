from __future__ import annotations

from pathlib import Path

from PIL import Image

from demo.photos import find_photos, read_samples
from demo.tour import MIN_WORN

SAMPLES = Path(__file__).parents[3] / "samples"


def test_samples_have_their_garments_and_one_picture_is_of_a_person() -> None:
    photos = read_samples(SAMPLES)
    assert {photo.path.name for photo in photos} == {path.name for path in SAMPLES.glob("*.jpg")}
    for photo in photos:
        assert photo.product is not None
        assert photo.product.category == photo.garments[0][0]
        with Image.open(photo.path) as picture:
            for _, box in photo.garments:
                assert 0 <= box.x1 < box.x2 <= picture.width
                assert 0 <= box.y1 < box.y2 <= picture.height
    people = [photo for photo in photos if len(photo.garments) >= MIN_WORN]
    assert [photo.path.name for photo in people] == ["weekend-look.jpg"]


def test_photos_of_a_folder_have_no_known_garments() -> None:
    assert all(photo.garments == () and photo.product is None for photo in find_photos(SAMPLES))
