from __future__ import annotations

import pytest

from bench.__main__ import parse_arguments


@pytest.mark.parametrize(("argv", "default"), [(["recall"], "items"), (["search"], "seconds")])
def test_the_options_of_all_commands_are_made(argv: list[str], default: str) -> None:
    """A command whose options clash would stop every other one, too."""
    assert hasattr(parse_arguments(argv), default)
