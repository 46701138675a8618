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
        ("ARMOIRE_CATALOG__WORKERS", "-1", "ARMOIRE_CATALOG__WORKERS"),
        ("ARMOIRE_MODELS__REMOTE_DETECTOR", "x", "ARMOIRE_MODELS__REMOTE_DETECTOR: .*must be grpc://HOST"),
    ],
)
def test_a_wrong_variable_stops_the_start_with_its_name(
    clean: pytest.MonkeyPatch, variable: str, value: str, hint: str
) -> None:
    clean.setenv(variable, value)
    with pytest.raises(SystemExit, match=hint):
        settings.load_settings()


SECRETS = settings.secret_settings()


def test_the_settings_with_secrets_are_known() -> None:
    assert {variable.removeprefix("ARMOIRE_") for variable in SECRETS} == {
        "AUTH__DATABASE_URL",
        "AUTH__INITIAL_KEYS",
        "TLS__KEY_PASSWORD",
        "MODELS__REMOTE_KEY",
        "LIMITS__RATE_STORE",
        "CATALOG__DATABASE_URL",
        "CATALOG__S3_ACCESS_KEY_ID",
        "CATALOG__S3_SECRET_ACCESS_KEY",
        "CATALOG__MILVUS_URI",
        "CATALOG__INFERENCE_KEY",
        "PREDICTIONS__DATABASE_URL",
        "URLS__SIGNING_KEYS",
    }


@pytest.mark.parametrize("variable", SECRETS)
def test_a_secret_comes_from_a_file_and_is_not_shown(
    clean: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    (file := tmp_path / "secret").write_text("http://u:S3cret@host\n")
    clean.setenv(f"{variable}_FILE", str(file))
    loaded = settings.load_settings()
    group, name = variable.removeprefix("ARMOIRE_").lower().split("__")
    assert getattr(getattr(loaded, group), name).get_secret_value() == "http://u:S3cret@host"
    assert "S3cret" not in f"{loaded} {loaded!r} {loaded.model_dump()} {loaded.model_dump_json()}"


def test_a_secret_is_given_once(clean: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (file := tmp_path / "secret").write_text("x")
    clean.setenv("ARMOIRE_MODELS__REMOTE_KEY", "y")
    clean.setenv("ARMOIRE_MODELS__REMOTE_KEY_FILE", str(file))
    with pytest.raises(SystemExit, match="REMOTE_KEY and ARMOIRE_MODELS__REMOTE_KEY_FILE are both set"):
        settings.load_settings()


@pytest.mark.parametrize(("content", "reason"), [(None, "No such file"), (b"\xff", "not UTF-8")])
def test_a_file_of_a_secret_that_cannot_be_read(
    clean: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    clean.setenv("ARMOIRE_CATALOG__DATABASE_URL_FILE", str(file))
    with pytest.raises(
        SystemExit, match=f"ARMOIRE_CATALOG__DATABASE_URL_FILE: {file} cannot be read: .*{reason}"
    ):
        settings.load_settings()


def test_a_setting_without_a_secret_comes_from_no_file(clean: pytest.MonkeyPatch) -> None:
    clean.setenv("ARMOIRE_GRPC__PORT_FILE", "/dev/null")
    with pytest.raises(SystemExit, match="unknown setting ARMOIRE_GRPC__PORT_FILE"):
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
