"""A run on the demo models writes settings that the server reads, and a report."""

from __future__ import annotations

import json
import os
import pwd
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import onnxruntime
import pytest

from models.providers import PROVIDER_NAMES, Provider
from services.inference.cores import cpu_count
from services.tuning import server_settings
from services.tuning.__main__ import main
from services.tuning.setting import Setting
from settings import ROOT, Settings, load_settings, settings_rows

BRIEF = ["--minutes", "0.001", "--rounds", "1", "--call", "detect", "--clients", "2"]
SMALL = [*BRIEF, "--detector-batch", "1"]


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for variable, _, _ in settings_rows():
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("ARMOIRE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for path in sorted((ROOT / "samples").glob("*.jpg"))[:2]:
        shutil.copy(path, folder)
    return folder


def values(lines: Iterator[str] | list[str]) -> dict[str, str]:
    return dict(shlex.split(line)[0].split("=", 1) for line in lines if not line.startswith("#"))


def with_environment(variables: dict[str, str]) -> Settings:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        return load_settings()


def test_a_run_writes_three_files(home: Path, photos: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main([*SMALL, "--photos", str(photos), "--slots", "1", "--threads", "1"]) == 0
    report = json.loads((home / "tune/report.json").read_text())
    chosen = Setting(**report["chosen"])
    written = values((home / "tune/settings.env").read_text().splitlines())
    assert server_settings.setting_of(with_environment(written)) == chosen
    assert {each["slots"] for each in report["settings"]} == {1, cpu_count()}
    assert {each["detector_max_batch"] for each in report["settings"]} in ({4}, {1, 4})  # 1 if batches form
    assert str(chosen) in (home / "tune/report.md").read_text()
    output = capfd.readouterr().err
    assert "2 photos of photos, 1 client and then 2" in output
    assert "make serve" in output


@pytest.mark.parametrize("provider", ["cuda", "tensorrt"])
def test_a_provider_that_is_not_installed_is_refused_with_what_to_install(
    provider: Provider, photos: Path, home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    if PROVIDER_NAMES[provider] in onnxruntime.get_available_providers():
        pytest.skip("this onnxruntime has it")
    assert main([*SMALL, "--photos", str(photos), "--provider", provider]) == 1
    output = capfd.readouterr().err
    assert f"execution provider {provider!r} is not in the installed onnxruntime" in output
    assert f"make setup PROVIDER={provider}" in output
    assert not (home / "tune/settings.env").exists()


def test_nothing_to_choose_from_is_refused(photos: Path, capfd: pytest.CaptureFixture[str]) -> None:
    cores = str(cpu_count())
    alike = ["--slots", cores, "--threads", "1", "--exclusive-threads", cores, "--detector-batch", "4"]
    assert main([*BRIEF, "--photos", str(photos), *alike]) == 2
    assert "nothing to choose from" in capfd.readouterr().err


@pytest.mark.filterwarnings("ignore:GitWildMatchPattern:DeprecationWarning")  # BentoML's model store
def test_a_missing_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no model '/nowhere'"):
        main(["--detector", "/nowhere"])


def test_a_model_for_another_task_is_refused(photos: Path, capfd: pytest.CaptureFixture[str]) -> None:
    embedder = str(ROOT / "artifacts/demo-embedder")
    assert main([*SMALL, "--photos", str(photos), "--detector", embedder]) == 1
    assert "one for 'detect' is needed" in capfd.readouterr().err


@pytest.fixture
def ordinary_rights() -> Iterator[None]:
    """The rights of an ordinary user, which a system is asked for, where the tests run as root."""
    root = os.getuid() == 0
    if root:
        os.setreuid(pwd.getpwnam("nobody").pw_uid, -1)
    yield
    if root:
        os.setreuid(0, -1)


@pytest.mark.usefixtures("ordinary_rights")
def test_a_folder_that_cannot_be_written_to_is_refused(
    tmp_path: Path, photos: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    assert main([*SMALL, "--photos", str(photos), "--out", str(locked)]) == 2
    assert "cannot be written to" in capfd.readouterr().err


def test_a_file_instead_of_the_folder_is_refused(
    tmp_path: Path, photos: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main([*SMALL, "--photos", str(photos), "--out", str(tmp_path / "file")]) == 2
    assert "--out" in capfd.readouterr().err
