"""Secrets as docker/make-secrets makes them, in a folder of a test's own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from demo.server import ROOT


def make_secrets(folder: Path) -> str:
    """Write `folder`/secrets; returns a key that may do everything: the administrator's may not write."""
    shutil.copy(ROOT / "docker/make-secrets", folder)
    subprocess.run([folder / "make-secrets"], check=True, stdout=subprocess.DEVNULL)
    keys = folder / "secrets/initial-keys"
    keys.write_text(keys.read_text().replace(" admin\n", " admin,read,write,infer\n"))
    return (folder / "secrets/admin-key").read_text()
