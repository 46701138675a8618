"""The command refuses what it cannot use, and its help teaches."""

from __future__ import annotations

import pytest

from services.tuning.command import grid_of, parse_arguments
from services.tuning.setting import Grid


def test_everything_has_a_default() -> None:
    arguments = parse_arguments([])
    assert grid_of(arguments) == Grid()
    assert (arguments.call, arguments.prefer, arguments.rounds) == ("analyze", "balanced", 3)
    assert list(arguments.photos.glob("*.jpg"))


def test_lists_become_the_grid() -> None:
    words = "--slots 1 2 --threads 3 --exclusive-threads 4 --detector-batch 5 6 --embedder-batch 7"
    assert grid_of(parse_arguments(words.split())) == Grid((1, 2), (3,), (4,), (5, 6), (7,))


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("--slots 0", "--slots: must be a whole number from 1 to 1024, got '0'"),
        ("--threads two", "got 'two'"),
        ("--threads ²", "got '²'"),
        ("--clients 513", "from 1 to 512"),
        ("--rounds -1", "from 1 to 50"),
        ("--minutes nan", "more than 0 and at most 240, got 'nan'"),
        ("--minutes soon", "got 'soon'"),
        ("--provider tpu", "invalid choice: 'tpu'"),
        ("--call search", "invalid choice: 'search'"),
        ("--prefer cheap", "invalid choice: 'cheap'"),
        ("--batch 4", "unrecognized arguments"),
    ],
)
def test_what_is_out_of_range_is_refused(
    capsys: pytest.CaptureFixture[str], words: str, complaint: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        parse_arguments(words.split())
    assert stopped.value.code == 2
    assert complaint in capsys.readouterr().err


def test_help_says_what_comes_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_arguments(["--help"])
    told = capsys.readouterr().out
    for word in ("settings.env", "report.md", "--provider cpu cuda", "set -a;", "p99", "onnxruntime-gpu"):
        assert word in told
