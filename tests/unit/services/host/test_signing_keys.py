from __future__ import annotations

import stat
from pathlib import Path

import pytest

from domain.errors import FailedPrecondition
from services.host.signing_keys import FILE, signing_keys


def test_a_home_gets_a_key_and_keeps_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = signing_keys("", home)
    assert len(first) == 1
    assert signing_keys("", home) == first
    assert stat.S_IMODE((home / FILE).stat().st_mode) == 0o600
    assert [path.name for path in home.iterdir()] == [FILE]
    assert signing_keys("", tmp_path / "another") != first


def test_a_key_is_put_before_the_one_of_the_home(tmp_path: Path) -> None:
    (old,) = signing_keys("", tmp_path)
    path = tmp_path / FILE
    path.write_text(f"new:{'n' * 32}\n" + path.read_text())
    assert [key.id for key in signing_keys("", tmp_path)] == ["new", old.id]


def test_the_setting_comes_before_the_home(tmp_path: Path) -> None:
    assert [key.id for key in signing_keys(f"a:{'s' * 32},b:{'t' * 32}", tmp_path)] == ["a", "b"]
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_key_names_where_it_is(tmp_path: Path) -> None:
    with pytest.raises(FailedPrecondition, match="ARMOIRE_URLS__SIGNING_KEYS: ") as caught:
        signing_keys("too-short:S3cret", tmp_path)
    assert "S3cret" not in str(caught.value)
    (tmp_path / FILE).write_text("\n")
    with pytest.raises(FailedPrecondition, match=f"{FILE} holds no key"):
        signing_keys("", tmp_path)
