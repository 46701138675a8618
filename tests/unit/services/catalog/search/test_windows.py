from __future__ import annotations

import pytest

from services.catalog.search.windows import windows_of


@pytest.mark.parametrize(
    ("top_k", "offset", "expected"),
    [
        (10, 0, 60),
        (10, 20, 60),
        (10, 21, 60),
        (1, 0, 60),
        (100, 0, 300),
        (100, 250, 600),
        (100, 950, 1000),
        (100, 1000, 1000),
    ],
)
def test_whole_windows_are_known_up_to_the_end_of_the_page(top_k: int, offset: int, expected: int) -> None:
    assert windows_of(top_k, 1000).rows_needed(offset, top_k) == expected
