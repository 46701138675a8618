from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pytest

import settings
from imaging.quality import QualityLimits


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for variable, _, _ in settings.settings_rows():
        monkeypatch.delenv(variable, raising=False)
    return monkeypatch


def test_a_variable_sets_its_field(clean: pytest.MonkeyPatch) -> None:
    clean.setenv("ARMOIRE_GRPC__PORT", "50999")
    clean.setenv("ARMOIRE_HOME", "/tmp/elsewhere")
    loaded = settings.load_settings()
    assert loaded.grpc.port == 50999
    assert loaded.home == Path("/tmp/elsewhere")
    assert loaded.grpc.host == "127.0.0.1"


@pytest.mark.parametrize(
    ("variable", "value", "hint"),
    [
        ("ARMOIRE_GRPC__PRT", "1", "unknown setting ARMOIRE_GRPC__PRT"),
        ("ARMOIRE_HOM", "x", "unknown setting ARMOIRE_HOM"),
        ("ARMOIRE_GRPC__PORT", "99999", "ARMOIRE_GRPC__PORT"),
        ("ARMOIRE_MODELS__PROVIDER", "tpu", "ARMOIRE_MODELS__PROVIDER"),
        ("ARMOIRE_CATALOG__WORKERS", "0", "ARMOIRE_CATALOG__WORKERS"),
        ("ARMOIRE_MODELS__REMOTE_DETECTOR", "x", "ARMOIRE_MODELS__REMOTE_DETECTOR: .*must be grpc://HOST"),
    ],
)
def test_a_wrong_variable_stops_the_start_with_its_name(
    clean: pytest.MonkeyPatch, variable: str, value: str, hint: str
) -> None:
    clean.setenv(variable, value)
    with pytest.raises(SystemExit, match=hint):
        settings.load_settings()


def test_the_clients_variables_do_not_disturb_the_server(clean: pytest.MonkeyPatch) -> None:
    clean.setenv("ARMOIRE_ADDRESS", "127.0.0.1:1")
    clean.setenv("ARMOIRE_TIMEOUT_S", "3")
    assert settings.load_settings() == settings.Settings()


def test_every_setting_is_described() -> None:
    rows = list(settings.settings_rows())
    assert len({variable for variable, _, _ in rows}) == len(rows) > 30
    assert [variable for variable, _, text in rows if not text] == []


def test_the_quality_filter_has_one_set_of_defaults(clean: pytest.MonkeyPatch) -> None:
    """`imaging` cannot read the settings, and reading them must not import OpenCV."""
    loaded = settings.load_settings().quality.model_dump()
    limits = asdict(QualityLimits())
    assert loaded == {name: limits[name] for name in loaded}
