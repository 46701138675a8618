from __future__ import annotations

from pathlib import Path

import pytest

from bench.scale import TABLES, Inputs, Need, in_bytes, in_time, parse_arguments, written

PAGE = Path(__file__).parents[3] / "docs/scale.md"


def test_the_page_has_the_tables_of_the_defaults() -> None:
    assert written(PAGE.read_text(), Inputs()) == PAGE.read_text(), "make scale-doc"
    for make in TABLES.values():
        assert make(Inputs()) in PAGE.read_text()


def test_a_million_items() -> None:
    inputs = Inputs(items_per_photo=2, width=500, row_bytes=1000, index_row_bytes=0, photos_per_core_s=5)
    need = Need(1_000_000, inputs)
    assert need.photos == 500_000
    assert need.flat_bytes == 2e9
    assert need.database_bytes == 3e9
    assert need.index_days(2) * 86_400 == pytest.approx(50_000)


def test_an_exact_search_keeps_both_its_time_and_its_rate() -> None:
    inputs = Inputs(width=250, scan_bytes_s=1e9, search_s=0.1, searches_s=1)
    assert Need(1_000_000, inputs).flat_cores == 10
    busy = Inputs(width=250, scan_bytes_s=1e9, search_s=0.1, searches_s=50)
    assert Need(1_000_000, busy).flat_cores == 50


def test_a_quantized_index_is_smaller_than_a_graph() -> None:
    need = Need(1_000_000, Inputs())
    assert need.quantized_bytes < need.graph_bytes / 5


def test_inputs_are_options() -> None:
    assert parse_arguments(["--width", "768", "--photos-per-core-s", "10.5"]).width == 768


@pytest.mark.parametrize(
    ("count", "text"), [(5e6, "5 MB"), (2.5e9, "2.5 GB"), (1.55e13, "15.5 TB"), (2e15, "2 PB")]
)
def test_bytes(count: float, text: str) -> None:
    assert in_bytes(count) == text


@pytest.mark.parametrize(
    ("days", "text"), [(1 / 1440, "1.0 min"), (0.5, "12.0 h"), (9.2, "9 days"), (1000, "3 years")]
)
def test_times(days: float, text: str) -> None:
    assert in_time(days) == text
