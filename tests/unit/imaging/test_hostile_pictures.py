"""Each hostile picture is served, or refused with a reason, and takes little memory beside its own."""

from __future__ import annotations

import re

import numpy as np
import pytest

from domain.errors import InvalidInput
from imaging.decode import DecodeLimits, open_image, probe
from tests.unit.imaging.hostile_pictures import HostilePicture, hostile_pictures

LIMITS = DecodeLimits()
PICTURES = hostile_pictures()


@pytest.mark.parametrize("picture", PICTURES, ids=[picture.name for picture in PICTURES])
def test_a_hostile_picture_is_served_or_refused_with_a_reason(picture: HostilePicture) -> None:
    try:
        image = open_image(picture.content, LIMITS)
        pixels = image.decode()
    except InvalidInput as error:
        (violation,) = error.violations
        assert violation.field == "content"
        assert picture.refusal
        assert re.search(picture.refusal, violation.description)
    else:
        assert not picture.refusal
        assert pixels.dtype == np.uint8
        assert pixels.shape == (image.info.height, image.info.width, 3)
        assert probe(picture.content, LIMITS) == image.info


def test_names_are_unique() -> None:
    assert len({picture.name for picture in PICTURES}) == len(PICTURES)
