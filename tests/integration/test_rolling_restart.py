"""Two servers on the same stores are restarted one after the other: callers of both notice nothing."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count, cycle
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

import armoire
from demo.server import ServerProcess
from tests import milvus
from tests.integration.test_kill import variant
from tests.polling import until

PATIENCE_S = 300.0
BATCHES = tuple(f"ARMOIRE_BATCHING__{graph}_MAX_BATCH" for graph in ("DETECTOR", "EMBEDDER", "TEXT"))
SEARCH = "/armoire.v1.CatalogService/Search"


@pytest.fixture
def pair(tmp_path: Path, postgres_url: str) -> Iterator[tuple[ServerProcess, ServerProcess]]:
    """Two servers with one PostgreSQL, one folder of photos, and one Milvus: Lite stands for a server."""
    with milvus.serving(tmp_path / "milvus.db") as (uri, _):
        environment = {
            "ARMOIRE_CATALOG__DATABASE_URL": postgres_url,
            "ARMOIRE_CATALOG__BLOB_URL": str(tmp_path / "blobs"),
            "ARMOIRE_CATALOG__MILVUS_URI": uri,
            "ARMOIRE_GRPC__DRAIN_S": str(PATIENCE_S),
            **dict.fromkeys(BATCHES, "1"),  # which are not measured then
        }
        first, second = (
            ServerProcess(tmp_path / name, environment=environment, stop_timeout_s=2 * PATIENCE_S)
            for name in ("first", "second")
        )
        try:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(ServerProcess.start, (first, second)))
            yield first, second
        finally:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(ServerProcess.stop, (first, second)))


class Callers:
    """Call again and again, each from a thread of its own, until they are to end."""

    def __init__(self, *calls: Callable[[], object]) -> None:
        self.failed: list[Exception] = []
        self._answered = [0] * len(calls)
        self._ending = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(number, call)) for number, call in enumerate(calls)
        ]

    def _run(self, number: int, call: Callable[[], object]) -> None:
        while not self._ending.is_set():
            try:
                call()
            except Exception as error:
                self.failed.append(error)
            self._answered[number] += 1

    def __enter__(self) -> Callers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def wait_until_all_go_on(self) -> None:
        """Wait until each has had another answer."""
        before = list(self._answered)
        until(lambda: all(now > then for now, then in zip(self._answered, before, strict=True)))


def go_on(*groups: Callers) -> None:
    for callers in groups:
        callers.wait_until_all_go_on()


def http_search(servers: Iterator[ServerProcess]) -> int:
    """The status of a search by a server that takes connections, tried in turn."""
    for server in servers:
        connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=PATIENCE_S)
        try:
            connection.request(
                "POST", SEARCH, json.dumps({"text": "red"}), {"content-type": "application/json"}
            )
            return connection.getresponse().status
        except (ConnectionError, http.client.RemoteDisconnected):
            continue
        finally:
            connection.close()
    raise AssertionError


@pytest.mark.timeout(900)
def test_two_servers_are_restarted_one_after_the_other(
    pair: tuple[ServerProcess, ServerProcess], samples: list[Path], postgres_url: str
) -> None:
    numbers, jobs, statuses = count(), [], set[int]()
    servers = cycle(pair)

    def index() -> None:
        photo = variant(samples[0], next(numbers))
        jobs.append(client.index(photo, image_name="one").id)

    def make_and_delete() -> None:
        """Neither a deletion may be sent twice, nor may it be lost."""
        client.delete_product(client.create_product(armoire.Product(display_name="short-lived")).id)

    def stream() -> None:
        outcomes = [outcome for _, outcome in client.analyze_many([samples[1]] * 2, window=2)]
        assert all(isinstance(outcome, armoire.ImageAnalysis) for outcome in outcomes), outcomes
        photos = [variant(samples[2], next(numbers)) for _ in range(2)]
        jobs.extend(job.id for _, job in client.index_many(photos))

    def delete_and_search() -> None:
        make_and_delete()
        client.search(text="a red dress")
        statuses.add(http_search(servers))

    address = ",".join(server.address for server in pair)
    with armoire.Client(address, timeout_s=PATIENCE_S) as client:
        with Callers(delete_and_search) as others:
            for server in pair:
                with Callers(index, stream) as photos:  # not while a server starts, which takes all cores
                    go_on(photos, others)
                    assert server.stop() == 0
                    go_on(photos, others)
                assert not photos.failed
                server.start()
            with Callers(index, stream) as photos:
                go_on(photos, others)
        assert not photos.failed
        assert not others.failed
        assert statuses == {200}
        ended = [client.wait_for_indexing_job(job, timeout_s=PATIENCE_S) for job in jobs]
        assert {job.state for job in ended} == {armoire.IndexingJobState.COMPLETE}
        assert not list(client.iter_products())
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        for table in ("job", "image"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == len(jobs)
    engine.dispose()
    assert not any("Traceback" in server.log_path.read_text() for server in pair)
