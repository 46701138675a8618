from __future__ import annotations

from bench.start import Start, table


def start(seconds: float, *members_mb: float) -> Start:
    named = {f"{index} {'abc'[index]}": mb for index, mb in enumerate(members_mb)}
    return Start("ours", seconds, 2 * seconds, 100, sum(members_mb), 0, named)


def test_a_row_has_the_median_of_every_process_that_all_starts_had() -> None:
    starts = [start(1, 10, 30), start(3, 20, 50), start(2, 30, 40, 5)]
    (row,) = table(starts, "note").rows
    assert row[:3] == ["ours", "2.00 (1.00–3.00)", "4.00 (2.00–6.00)"]
    assert row[4:] == ["70 (40–75)", "a 20, b 40", "3"]
