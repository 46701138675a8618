"""Rehearse what operators do to a running site, under a steady load of index, update, delete and search.

update    two servers of the release before are replaced by this one, one after the other
back      two servers of a release to come, whose tables have more, are replaced by this one
drain     the processes of one node end by SIGTERM, and start again elsewhere
database  PostgreSQL is restarted, as an operator does and by SIGKILL

Afterwards nothing that was acknowledged may be lost or doubled, and an audit must find nothing.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from armoire import Client
from demo.server import ROOT, ServerProcess
from tests import milvus, postgres
from tests.servers.rehearsals.load import SteadyLoad
from tests.servers.stores.postgres import postgres_server, url_of
from tests.servers.stores.process import StoreProcess

PHOTOS = sorted((ROOT / "samples").glob("*.jpg"))
SETTLE_ANSWERS = 12
"""Calls that are answered between two steps."""
MIGRATIONS = "services/catalog/sql/migrations/versions"
STEP = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{}", None, None

def upgrade():
    op.add_column("product", sa.Column("season", sa.Text(), nullable=True))
    op.add_column("image", sa.Column("weight", sa.Integer(), nullable=False, server_default="0"))
    op.create_table("season", sa.Column("id", sa.Text(), primary_key=True))
"""


@dataclass(eq=False)
class Site:
    """Servers that do everything, on a PostgreSQL, a Milvus and a folder that they share.

    Lite stands for a Milvus server, which takes minutes to start on a busy machine: `make crashes` kills a
    real one.
    """

    postgres: StoreProcess
    milvus_uri: str
    folder: Path
    name: str
    rounds: int = 1

    def server(self, name: str, root: Path = ROOT) -> ServerProcess:
        """A server of the program in `root`, not started."""
        environment = {
            "ARMOIRE_CATALOG__DATABASE_URL": url_of(self.postgres.folder),
            "ARMOIRE_CATALOG__MILVUS_URI": self.milvus_uri,
            "ARMOIRE_CATALOG__BLOB_URL": str(self.folder / "blobs"),
            "ARMOIRE_CATALOG__WORKERS": "2",
            "ARMOIRE_GRPC__DRAIN_S": "60",
            **dict.fromkeys((f"ARMOIRE_BATCHING__{graph}_MAX_BATCH" for graph in BATCHED), "1"),
        }
        return ServerProcess(self.folder / f"{self.name}-{name}", environment=environment, root=root)


BATCHED = ("DETECTOR", "EMBEDDER", "TEXT")
"""Their batches are not measured then, so that starts are quick."""


def client_of(*servers: ServerProcess) -> Callable[[], Client]:
    """What makes a client of servers, which balances its calls."""
    return lambda: Client(",".join(server.address for server in servers), timeout_s=60.0)


@contextmanager
def started(*servers: ServerProcess) -> Iterator[None]:
    try:
        with ThreadPoolExecutor(len(servers)) as threads:
            list(threads.map(ServerProcess.start, servers))
        yield
    finally:
        with ThreadPoolExecutor(len(servers)) as threads:
            list(threads.map(ServerProcess.stop, servers))


def update(site: Site, former: Path) -> SteadyLoad:
    """Replace both servers by this release, one after the other; each port keeps its number."""
    first, second = site.server("first", former), site.server("second", former)
    with started(first, second), SteadyLoad(client_of(first, second), PHOTOS) as load:
        load.wait_for_answers(SETTLE_ANSWERS)
        for server in (first, second):
            replace(server, ROOT)
            load.wait_for_answers(SETTLE_ANSWERS)
    return load


def back(site: Site, _former: Path) -> SteadyLoad:
    """Return to this release from one that has added to the tables, one server after the other."""
    with release("HEAD") as program:
        add_step(program)
        return update(site, program)


def add_step(program: Path) -> None:
    """Give a program a further migration, which adds a column, another with a default, and a table."""
    folder = program / MIGRATIONS
    newest = max(path.name for path in folder.glob("v*.py"))[1:5]
    (folder / "v9999_to_come.py").write_text(STEP.format(newest))


def drain(site: Site, _former: Path) -> SteadyLoad:
    """Empty one node after the other: SIGTERM to its server, which starts again elsewhere."""
    first, second = site.server("first"), site.server("second")
    with started(first, second), SteadyLoad(client_of(first, second), PHOTOS) as load:
        for server in (first, second, first) * site.rounds:
            load.wait_for_answers(SETTLE_ANSWERS)
            server.home = server.home.with_name(f"{server.home.name}-moved")
            replace(server, ROOT)
        load.wait_for_answers(SETTLE_ANSWERS)
    return load


def database(site: Site, _former: Path) -> SteadyLoad:
    """Restart PostgreSQL, as `pg_ctl restart` does (SIGINT) and as a power cut does."""
    first, second = site.server("first"), site.server("second")
    with started(first, second), SteadyLoad(client_of(first, second), PHOTOS) as load:
        for end in (end_fast, StoreProcess.kill) * site.rounds:
            load.wait_for_answers(SETTLE_ANSWERS)
            end(site.postgres)
            down_s = time.monotonic()
            time.sleep(2.0)
            site.postgres.start()
            say(f"PostgreSQL was away for {time.monotonic() - down_s:.1f} s")
            say(f"answers again {load.wait_for_answers(1):.1f} s later")
        load.wait_for_answers(SETTLE_ANSWERS)
    return load


def end_fast(postgres: StoreProcess) -> None:
    """A fast shutdown: connections are cut, what is committed stays.

    Source: PostgreSQL, "Shutting Down the Server".
    """
    assert postgres.process is not None
    postgres.process.send_signal(signal.SIGINT)
    postgres.process.wait()


def replace(server: ServerProcess, root: Path) -> None:
    """End a server as an orchestrator does, and start it from `root`."""
    begun_s = time.monotonic()
    status = server.stop()
    ended_s = time.monotonic()
    assert status == 0, f"it ended with status {status}:\n{server.log_tail()}"
    server.root = root
    server.start()
    say(f"drained in {ended_s - begun_s:.1f} s, ready again after {time.monotonic() - ended_s:.1f} s")


def say(text: str) -> None:
    print(f"  {text}", flush=True)


@contextmanager
def release(revision: str) -> Iterator[Path]:
    """The program of a revision, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="armoire-former-") as folder:
        archive = subprocess.run(["git", "archive", revision], cwd=ROOT, check=True, stdout=subprocess.PIPE)
        subprocess.run(["tar", "--extract", "--directory", folder], input=archive.stdout, check=True)
        yield Path(folder)


def before_last_migration() -> str:
    """The newest revision whose tables are not those of this one."""
    asked = ["git", "log", "-1", "--diff-filter=A", "--format=%h", "--", MIGRATIONS]
    found = subprocess.run(asked, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    return f"{found}~1"


@contextmanager
def site_of(name: str, rounds: int) -> Iterator[Site]:
    """A site without servers; its stores run. Raises SystemExit where PostgreSQL is not installed."""
    binaries = postgres.find_binaries()
    if binaries is None:
        sys.exit("PostgreSQL is not installed (Debian: apt install postgresql)")
    with tempfile.TemporaryDirectory(prefix="armoire-rehearsal-", ignore_cleanup_errors=True) as root:
        folder = Path(root)
        folder.chmod(0o755)  # PostgreSQL runs as another user where this runs as root
        (folder / "postgres").mkdir()
        database = postgres_server(binaries, folder / "postgres")
        try:
            with milvus.serving(folder / "milvus.db") as (uri, _):
                database.start()
                yield Site(database, uri, folder, name, rounds)
        finally:
            database.kill()


REHEARSALS = {"update": update, "back": back, "drain": drain, "database": database}


def rehearse(name: str, former: str, rounds: int) -> int:
    """The number of problems."""
    print(f"{name} from {former}" if name == "update" else name, flush=True)
    with site_of(name, rounds) as site:
        begun_s = time.monotonic()
        with release(former) as program:
            load = REHEARSALS[name](site, program)
        took_s = time.monotonic() - begun_s
        last = site.server("last")
        with started(last):
            load.connect = client_of(last)
            problems = load.problems()
    calls = {op: count for op, count in sorted(load.ledger.calls.items()) if op.endswith("done")}
    say(f"{took_s:.0f} s, answered: {calls}")
    say(f"cut off: {dict(load.failures) or 'none'}")
    for problem in problems[:50]:
        say(f"WRONG {problem}")
    say(f"{len(problems)} problems")
    return len(problems)


def main() -> int:
    """1 where anything was wrong."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # unwinds the stack, which ends the servers
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="of: " + ", ".join(REHEARSALS) + " (all)")
    parser.add_argument(
        "--from", dest="former", default=before_last_migration(), help="revision (%(default)s)"
    )
    parser.add_argument(
        "--rounds", type=int, default=1, metavar="N", help="how often drain and database do all they do (1)"
    )
    arguments = parser.parse_args()
    names, rounds = arguments.names or REHEARSALS, arguments.rounds
    return min(sum(rehearse(name, arguments.former, rounds) for name in names), 1)


if __name__ == "__main__":
    sys.exit(main())
