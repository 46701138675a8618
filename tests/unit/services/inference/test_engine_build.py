"""What the log says while an engine is built. No TensorRT is here; the wait stands for it."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from services.inference.engine_build import building_logged
from tests.polling import until


def test_the_log_says_what_is_built_that_it_still_is_and_how_long_it_took(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "armoire.inference")
    with building_logged("image", tmp_path, every_s=0.01):
        until(lambda: any("still builds" in line for line in caplog.messages))
    first, *between, last = caplog.messages
    assert first == (
        f"TensorRT builds an engine of the graph 'image', which takes minutes; it is kept in {tmp_path}"
    )
    assert {line.partition(", for ")[0] for line in between} == {
        "TensorRT still builds the engine of 'image'"
    }
    assert last.startswith("the engine of 'image' was built in ")


def test_the_log_says_that_an_engine_is_not_kept(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "armoire.inference")
    with building_logged("image", None):
        pass
    assert "it is not kept" in caplog.messages[0]


def test_a_build_that_fails_is_not_reported_as_built(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "armoire.inference")
    with pytest.raises(OSError, match="out of memory"), building_logged("image", tmp_path):
        raise OSError("out of memory")
    assert not any("was built" in line for line in caplog.messages)
