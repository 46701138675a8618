from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.types import DEFAULT_PRINCIPAL, Principal
from services.catalog.ids import IdSource
from services.catalog.limits import CatalogLimits
from services.catalog.records import paging
from services.catalog.records.paging import Cursor, Page, cut_page, look_through, read_cursor

LIMITS = CatalogLimits(max_page_size=5, default_page_size=3)
IDS = [IdSource().next() for _ in range(9)]


@pytest.mark.parametrize(("asked", "size"), [(0, 3), (1, 1), (5, 5), (6, 5), (2**31 - 1, 5)])
def test_sizes_have_a_default_and_a_limit(asked: int, size: int) -> None:
    assert read_cursor(LIMITS, DEFAULT_PRINCIPAL, "x", asked, "").size == size


def test_a_token_leads_behind_the_last_entry() -> None:
    first = read_cursor(LIMITS, DEFAULT_PRINCIPAL, "x", 2, "")
    page = cut_page(first, IDS[:3], lambda entry: entry)
    assert page.entries == tuple(IDS[:2])
    assert read_cursor(LIMITS, DEFAULT_PRINCIPAL, "x", 2, page.next_token).before == IDS[1]


def test_the_last_page_has_no_token() -> None:
    assert (
        cut_page(read_cursor(LIMITS, DEFAULT_PRINCIPAL, "x", 2, ""), IDS[:2], lambda entry: entry).next_token
        == ""
    )


def test_a_token_of_another_list_is_refused() -> None:
    token = cut_page(
        read_cursor(LIMITS, DEFAULT_PRINCIPAL, "x", 2, ""), IDS[:3], lambda entry: entry
    ).next_token
    with pytest.raises(InvalidInput):
        read_cursor(LIMITS, DEFAULT_PRINCIPAL, "y", 2, token)


def test_a_token_of_another_tenant_is_refused() -> None:
    token = cut_page(
        read_cursor(LIMITS, DEFAULT_PRINCIPAL, "x", 2, ""), IDS[:3], lambda entry: entry
    ).next_token
    with pytest.raises(InvalidInput, match="page_token"):
        read_cursor(LIMITS, Principal("shop"), "x", 2, token)


@given(st.text(min_size=1))
def test_any_other_text_is_refused_as_a_token(token: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_cursor(LIMITS, DEFAULT_PRINCIPAL, "x", 2, token)
    assert caught.value.violations[0].field == "page_token"


def even_page(cursor: Cursor) -> Page[int]:
    """The even ones of the places of `IDS`."""

    def read(part: Cursor) -> list[int]:
        first = 0 if part.before is None else IDS.index(part.before) + 1
        return list(range(first, min(len(IDS), first + part.size + 1)))

    return look_through(cursor, read, lambda found: [n for n in found if n % 2 == 0], lambda n: IDS[n])


@pytest.mark.parametrize("most", [1000, 4, 2])
@pytest.mark.parametrize("size", [1, 2, 5])
def test_what_passes_is_there_once_however_much_is_looked_at(
    monkeypatch: pytest.MonkeyPatch, most: int, size: int
) -> None:
    monkeypatch.setattr(paging, "_PART", 2)
    monkeypatch.setattr(paging, "_MOST_LOOKED_AT", most)
    found, token = [], ""
    for _ in range(len(IDS)):
        page = even_page(read_cursor(LIMITS, DEFAULT_PRINCIPAL, "x", size, token))
        assert len(page.entries) <= size
        found += page.entries
        token = page.next_token
        if not token:
            break
    assert (found, token) == ([0, 2, 4, 6, 8], "")
