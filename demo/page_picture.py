"""A picture of the web page, taken by a browser that is installed, without a window."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = (
    *("--headless", "--disable-gpu", "--hide-scrollbars", "--window-size=1280,800"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--force-prefers-reduced-motion",  # pictures do not fade in
    "--virtual-time-budget=15000",  # it waits for what the page asks for, not for the clock
    "--run-all-compositor-stages-before-draw",  # and until its pictures are decoded
)
LIMIT_S = 60.0


def take_picture(url: str, path: Path) -> bool:
    """Write a PNG of a page; False where no browser is installed, or where it fails."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        return False
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with tempfile.TemporaryDirectory() as profile:
        options = (f"--user-data-dir={profile}", f"--screenshot={path}")
        try:
            subprocess.run(
                [browser, *SWITCHES, *as_root, *options, url],
                capture_output=True,
                timeout=LIMIT_S,
                check=True,
            )
        except (subprocess.SubprocessError, OSError):
            return False
    return path.is_file()
