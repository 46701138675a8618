from __future__ import annotations

import pytest

from domain.errors import InvalidInput
from services.catalog.limits import CatalogLimits, check_box_count, check_text, check_url


@pytest.mark.parametrize("text", ["", "plain", "日本語\u3000スペース", "zwj 👩‍🎨", "e\u0301", "x" * 10])
def test_a_printable_text_passes(text: str) -> None:
    assert check_text("name", text, 20) == text


def test_surrounding_blanks_go() -> None:
    assert check_text("name", "  a b \n", 20) == "a b"


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "a\x7fb", "a\x1bb", "a\udc80b"])
def test_control_characters_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="control characters"):
        check_text("name", text, 20)


def test_lines_are_allowed_where_said() -> None:
    assert check_text("description", "a\n\tb", 20, multiline=True) == "a\n\tb"
    with pytest.raises(InvalidInput):
        check_text("description", "a\x00b", 20, multiline=True)


def test_the_limit_is_inclusive_and_named() -> None:
    assert check_text("name", "x" * 20, 20)
    with pytest.raises(InvalidInput, match=r"name: must have at most 20 characters, got 21"):
        check_text("name", "x" * 21, 20)


@pytest.mark.parametrize("text", ["", "  "])
def test_a_required_text_is_not_empty(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"1 to 20 characters"):
        check_text("name", text, 20, required=True)


def test_boxes_are_counted() -> None:
    check_box_count([1, 2], CatalogLimits(max_boxes=2))
    with pytest.raises(InvalidInput, match=r"image.boxes: must hold at most 1 boxes, got 2"):
        check_box_count([1, 2], CatalogLimits(max_boxes=1))


@pytest.mark.parametrize("url", ["https://shop.example/a?b=c#d", " http://10.0.0.1:8080 ", ""])
def test_an_absolute_url_passes(url: str) -> None:
    assert check_url("url", url, 100) == url.strip()


@pytest.mark.parametrize(
    "url",
    ["shop.example", "/coat", "ftp://shop.example", "https:///coat", "https://a b.example", "http://[::1"],
)
def test_what_is_no_absolute_url_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match=r"url: must be an absolute URL"):
        check_url("url", url, 100)
