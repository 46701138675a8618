"""A setting in terms of the server's settings."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tuning import server_settings
from services.tuning.setting import Setting
from settings import ROOT, Settings, load_settings, settings_rows

COUNTS = st.integers(1, 8)
SETTINGS = st.builds(
    Setting, st.sampled_from(["cpu", "cuda", "tensorrt"]), COUNTS, COUNTS, COUNTS, COUNTS, COUNTS
).map(lambda setting: setting.canonical)
SLOTS = "ARMOIRE_MODELS__SLOTS"


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for variable, _, _ in settings_rows():
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("ARMOIRE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def values(lines: Iterator[str] | list[str]) -> dict[str, str]:
    return dict(shlex.split(line)[0].split("=", 1) for line in lines if not line.startswith("#"))


def with_environment(variables: dict[str, str]) -> Settings:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        return load_settings()


@given(SETTINGS, st.sampled_from([{}, {SLOTS: "3"}, {SLOTS: "0", "ARMOIRE_MODELS__EXCLUSIVE_THREADS": "1"}]))
def test_the_server_runs_with_the_chosen_setting(chosen: Setting, present: dict[str, str]) -> None:
    lines = values(server_settings.settings_lines(chosen, with_environment(present)))
    assert server_settings.setting_of(with_environment({**present, **lines})) == chosen
    options = server_settings.options_of(Settings.model_construct(), chosen)
    assert (options.slots, options.provider) == (chosen.slots, chosen.provider)
    assert options.detector_batching.max_batch == chosen.detector_max_batch
    assert options.image_batching.max_batch == chosen.embedder_max_batch
    assert bool(options.image_batching.batch_sizes) == (chosen.provider != "cpu")


def test_what_is_default_is_not_written() -> None:
    plain = load_settings()
    present = server_settings.setting_of(plain)
    assert list(server_settings.settings_lines(present, plain)) == []
    assert list(server_settings.settings_lines(replace(present, detector_max_batch=7), plain)) == [
        "ARMOIRE_BATCHING__DETECTOR_MAX_BATCH=7"
    ]


def test_what_the_environment_says_otherwise_is_written() -> None:
    set_so = with_environment({SLOTS: "7"})
    default = server_settings.setting_of(load_settings())
    assert f"{SLOTS}={default.slots}" in list(server_settings.settings_lines(default, set_so))
    assert f"{SLOTS}=7" in list(server_settings.settings_lines(server_settings.setting_of(set_so), set_so))


def test_a_shell_reads_the_models_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "my models"
    shutil.copytree(ROOT / "artifacts/demo-detector", folder)
    monkeypatch.chdir(tmp_path)
    given_so = server_settings.with_models(load_settings(), "my models", None)
    file = tmp_path / "settings.env"
    file.write_text("\n".join(server_settings.settings_lines(server_settings.setting_of(given_so), given_so)))
    shell = 'set -a; . ./settings.env; set +a; printf %s "$ARMOIRE_MODELS__DETECTOR"'
    output = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=True)
    assert output.stdout == str(folder)
    assert server_settings.quoted(file.read_text().splitlines()) == ["ARMOIRE_MODELS__DETECTOR"]


def test_what_needs_no_quotes_has_none(tmp_path: Path) -> None:
    folder = tmp_path / "yolo-v8_n.1"
    shutil.copytree(ROOT / "artifacts/demo-detector", folder)
    given_so = server_settings.with_models(load_settings(), str(folder), None)
    lines = list(server_settings.settings_lines(server_settings.setting_of(given_so), given_so))
    assert lines == [f"ARMOIRE_MODELS__DETECTOR={folder}"]
    assert server_settings.quoted(lines) == []
