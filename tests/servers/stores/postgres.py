"""PostgreSQL of the machine, on a Unix socket in its folder."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests import postgres
from tests.servers.stores.process import StoreProcess

USER = "armoire"


def url_of(folder: Path) -> str:
    """The URL of the database of the server in a folder."""
    return f"postgresql://{USER}@/postgres?host={folder}"


def postgres_server(binaries: Path, folder: Path) -> StoreProcess:
    """A server with an empty database, not started; it leaves flushing to the kernel, which is not killed."""
    user = postgres.ordinary_user()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    options = ("--pgdata=data", f"--username={USER}", "--auth=trust", "--encoding=UTF8", "--locale=C")
    subprocess.run(
        [binaries / "initdb", *options, "--no-sync"],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
        user=None if user is None else user.pw_uid,
        group=None if user is None else user.pw_gid,
        extra_groups=None if user is None else [],
    )
    serve = [binaries / "postgres", "-D", "data", "-F", "-k", str(folder), "-c", "listen_addresses="]
    is_ready = [binaries / "pg_isready", "--quiet", f"--host={folder}", f"--username={USER}"]

    def answers() -> bool:
        return subprocess.run(is_ready, check=False).returncode == 0

    return StoreProcess("postgres", [*serve, "-c", "max_connections=200"], folder, answers, user=user)
