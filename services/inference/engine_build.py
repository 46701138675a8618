"""What the log says while TensorRT builds an engine, which takes minutes."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

LOG = logging.getLogger("armoire.inference")

EVERY_S = 15.0


@contextmanager
def building_logged(graph: str, folder: Path | None, every_s: float = EVERY_S) -> Iterator[None]:
    """Log that an engine of a graph is built, every `every_s` seconds that it still is, and how long it took.

    `folder` is where the engine is kept; None: it is built at every start.
    """
    kept = (
        f"it is kept in {folder}"
        if folder
        else "it is not kept, since nvidia-smi names no GPU or there is no cache"
    )
    LOG.info("TensorRT builds an engine of the graph %r, which takes minutes; %s", graph, kept)
    begun, ended = time.monotonic(), Event()

    def tell() -> None:
        while not ended.wait(every_s):
            LOG.info(
                "TensorRT still builds the engine of %r, for %.0f s so far", graph, time.monotonic() - begun
            )

    teller = Thread(target=tell, name="engine-build", daemon=True)
    teller.start()
    try:
        yield
    finally:
        ended.set()
        teller.join()
    LOG.info("the engine of %r was built in %.0f s", graph, time.monotonic() - begun)
