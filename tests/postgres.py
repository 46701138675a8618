"""A PostgreSQL server of the tests' own, on a Unix socket in a folder of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import Engine, create_engine, make_url, text

PROGRAMS = ("initdb", "pg_ctl", "postgres")
SERVE = """
set -eu
"$1/initdb" --pgdata="$2/data" --username=armoire --auth=trust --encoding=UTF8 --locale=C --no-sync >&2
"$1/pg_ctl" start --wait --timeout=120 --pgdata="$2/data" --log="$2/server.log" \\
    --options="-F -k '$2' -c listen_addresses=''" >&2
echo ready
read -r _ || true
"$1/pg_ctl" stop --wait --mode=immediate --pgdata="$2/data" >&2
"""
"""Serves until standard input is closed: the server ends with the tests, in whatever way they end."""


def find_binaries() -> Path | None:
    """The folder of a PostgreSQL server's programs; None where none is installed."""
    folders = [*_pg_config_folder(), *_debian_folders(), *map(Path, os.get_exec_path())]
    return next((folder for folder in folders if all((folder / name).is_file() for name in PROGRAMS)), None)


def _pg_config_folder() -> list[Path]:
    if shutil.which("pg_config") is None:
        return []
    asked = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True)
    return [Path(asked.stdout.strip())]


def _debian_folders() -> list[Path]:
    """The newest major version first."""
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    return sorted(folders, key=lambda folder: folder.parent.name.zfill(8), reverse=True)


@contextmanager
def serving(binaries: Path) -> Iterator[str]:
    """The URL of a server that accepts connections; it flushes nothing to disk.

    Raises:
        RuntimeError: the server did not start; the message holds its log.
    """
    user = ordinary_user()
    with tempfile.TemporaryDirectory(prefix="armoire-postgres-") as folder:
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        log = Path(folder) / "start.log"
        with log.open("wb") as messages, _started(binaries, folder, user, messages) as process:
            assert process.stdout is not None
            if process.stdout.readline() != b"ready\n":
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
            yield f"postgresql://armoire@/postgres?host={folder}"


def _started(
    binaries: Path, folder: str, user: pwd.struct_passwd | None, messages: IO[bytes]
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["sh", "-c", SERVE, "sh", binaries, folder],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=messages,
        start_new_session=True,  # Ctrl-C ends the tests, and they the server
        user=None if user is None else user.pw_uid,
        group=None if user is None else user.pw_gid,
        extra_groups=None if user is None else [],
    )


def ordinary_user() -> pwd.struct_passwd | None:
    """Whom the server runs as where the tests run as root, which PostgreSQL refuses; None elsewhere."""
    if os.geteuid() != 0:
        return None
    users = {user.pw_name: user for user in pwd.getpwall()}
    return users.get("postgres") or users["nobody"]


@contextmanager
def empty_database(server_url: str, encoding: str = "UTF8") -> Iterator[str]:
    """The URL of a database that is dropped afterwards, with whoever is still connected to it."""
    name = f"armoire_test_{uuid.uuid4().hex}"
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    _execute(engine, f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0")
    yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    _execute(engine, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(engine: Engine, statement: str) -> None:
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
