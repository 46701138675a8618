"""The folder of the results: settings.env, report.md and report.json."""

from __future__ import annotations

import os
from pathlib import Path

from domain.errors import InvalidInput
from services.tuning.report import Report


def make_folder(folder: Path) -> Path:
    """Make the folder if it does not exist.

    Raises:
        InvalidInput: it cannot be made, or not be written to; the field is "--out".
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput("--out", f"{folder} cannot be made: {error.strerror}") from error
    if not os.access(folder, os.W_OK):
        raise InvalidInput("--out", f"{folder} cannot be written to")
    return folder


def write_report(report: Report, folder: Path) -> Path:
    """Write the three files; returns the path of settings.env."""
    texts = {
        "settings.env": report.environment(),
        "report.md": report.markdown(),
        "report.json": report.json(),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "settings.env"
