"""A running server changes the embedder of its catalogue, as its clients see it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from armoire import Client, CollectionRole, FailedPrecondition
from armoire.messages.collections import backfill_report_from_any
from demo.server import ROOT, ServerProcess
from tests.unit.services.inference.repository.conftest import EMBEDDER, second_version

PHOTOS = sorted((ROOT / "samples").glob("*.jpg"))[:4]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("models")
    second_version(EMBEDDER, folder / "other-embedder")
    environment = {"ARMOIRE_MODELS__FOLDER": str(folder)}
    with ServerProcess(tmp_path_factory.mktemp("home"), environment=environment) as server:
        yield server


class Searcher(threading.Thread):
    """Searches until told to stop; notes how many hits each search had, and of which versions."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address
        self.stopped = threading.Event()
        self.counts = set[int]()
        self.versions = list[str]()
        self.mixed = 0

    def run(self) -> None:
        with Client(self._address) as client:
            while not self.stopped.is_set():
                result = client.search(text="a dress", top_k=50)
                hits = result.queries[0].hits
                self.counts.add(len(hits))
                self.mixed += {hit.item.model_version for hit in hits} != {result.model_version}
                self.versions.append(result.model_version)


def test_the_embedder_is_changed_and_changed_back_while_clients_search(server: ServerProcess) -> None:
    with Client(server.address) as client:
        for photo in PHOTOS:
            client.wait_for_indexing_job(client.index(photo).id)
        (live,) = client.list_collections()
        second = client.load_model("other-embedder")[0].version
        client.set_model_alias(second)
        assert client.search(text="a dress").model_version == live.model_version
        searcher = Searcher(server.address)
        searcher.start()
        try:
            name = change_over(client, live.name, second)
            assert [each.name for each in client.swap_collection(live.name)] == [live.name, name]
            client.search(text="a dress", model_version=live.model_version)
            client.drop_collection(name)
        finally:
            searcher.stopped.set()
            searcher.join()
        client.set_model_alias(live.model_version)
        client.unload_model(second)
        assert (searcher.counts, searcher.mixed) == ({live.items}, 0)


def change_over(client: Client, live: str, version: str) -> str:
    """Back-fill for a version, and search with it; the name of its collection."""
    operation = client.wait_for_operation(client.start_backfill(swap=True).id)
    assert operation.response is not None
    report = backfill_report_from_any(operation.response)
    # The second version has the same graphs, so it says the same of every item.
    assert (report.model_version, report.lacking, report.failed_photos) == (version, 0, 0)
    assert (report.overlap, report.swapped) == (1.0, True)
    next_one, before = client.list_collections()
    assert (before.name, before.role) == (live, CollectionRole.PREVIOUS)
    client.search(text="a dress", model_version=version)
    with pytest.raises(FailedPrecondition, match="the catalogue needs"):  # to go back
        client.unload_model(before.model_version)
    return next_one.name
