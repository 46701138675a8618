from __future__ import annotations

import pytest

from export.progress import tracked


def test_stderr_tells_the_count_and_the_rate(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(tracked([1, 2, 3], "comparing boxes")) == [1, 2, 3]
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "comparing boxes: 100%" in captured.err
    assert "3/3 [" in captured.err
    assert "photo/s" in captured.err
