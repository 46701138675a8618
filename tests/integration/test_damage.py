"""A vector file that a crash has cut short is filled again from SQL."""

from __future__ import annotations

from pathlib import Path

import armoire
from demo.server import ServerProcess


def test_a_damaged_vector_file_is_made_anew(tmp_path: Path, samples: list[Path]) -> None:
    server = ServerProcess(tmp_path)
    with server, armoire.Client(server.address) as client:
        for photo in samples[:3]:
            client.wait_for_indexing_job(client.index(photo).id)
    damaged = list((tmp_path / "vectors.db").rglob("*.parquet"))
    assert damaged
    for path in damaged:
        path.write_bytes(path.read_bytes()[:130])
    with server, armoire.Client(server.address) as client:
        for photo in samples[:3]:
            client.wait_for_indexing_job(client.index(photo).id)
            hits = client.search(photo, top_k=1).queries[0].hits
            assert any(hit.item.image_name == photo.name for hit in hits)
        stored = {item.image_name for item in client.list_items().items}
        searched = client.search(text="clothes", top_k=50).queries[0].hits
    assert {hit.item.image_name for hit in searched} == stored
    assert "is filled again from SQL" in server.log_path.read_text()
