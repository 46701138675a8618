"""The mirror of the flat index in Milvus Lite."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from threading import Condition, Thread

from domain.errors import Unavailable
from services.background.backoff import Backoff
from services.background.log_throttle import LogThrottle
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.flat_rows import FlatRows
from services.catalog.vectors.index import StoredRows
from services.catalog.vectors.milvus_index import MilvusIndex
from services.catalog.vectors.sync_stamp import SyncStamp

_LOG = logging.getLogger(__name__)
UP_TO_DATE = "Milvus Lite is up to date"
"""The log message once the file holds every row."""
_CHUNK = 250
_GATHER_S = 2.0
"""How long changed rows gather after a copy: to copy a few costs almost as much as to copy many."""
_WAIT_S = 1.0
"""How long a comparison waits for rows that gather."""
_RETRY = Backoff(0.2, 30.0)
_DROP_S = 60.0
"""Seconds that the removal of a collection may take."""
_STOP_S = 8.0
"""Seconds for the last copies when the process stops."""


@dataclass(eq=False)
class _Followed:
    """A collection and the ids of rows that may differ between Lite and memory.

    With `compare`, any row may differ. A `dropped` one is to be removed from Lite, one to `rebuild` to be
    made anew.
    """

    collection: Collection
    rows: FlatRows
    compare: bool
    dropped: bool = False
    rebuild: bool = False
    pending: dict[str, None] = field(default_factory=dict)

    @property
    def behind(self) -> bool:
        return self.dropped or self.rebuild or self.compare or bool(self.pending)

    @property
    def urgent(self) -> bool:
        """Whether there is more to do than to copy a few rows."""
        return self.dropped or self.rebuild or self.compare or len(self.pending) >= _CHUNK


class LiteMirror:
    """Copies rows to Milvus Lite on a separate thread, so that nothing waits for Lite.

    It stores the ids of changed rows and copies their current state, so a row that changes often is copied
    once and a failed copy can be repeated. After each copy it pauses for as long as the copy took, because
    Lite runs in Python and holds the interpreter's lock, and then lets rows gather.

    A clean stop writes a stamp beside Lite's file. If the stamp matches memory at the next start, Lite is not
    loaded until a row changes; otherwise all rows are compared.
    """

    def __init__(self, lite: MilvusIndex, stamp: Path) -> None:
        self._lite = lite
        self._stamp = SyncStamp(stamp)
        self._stamped: Mapping[str, str] = {}
        self._followed: dict[str, _Followed] = {}
        self._changed = Condition()
        self._stop_by_s: float | None = None
        self._waiting = 0
        self._throttle = LogThrottle()
        self._thread = Thread(target=self._run, name="lite-mirror")

    def start(self) -> None:
        """Start the thread, after Lite was opened."""
        self._stamped = self._stamp.read()
        self._thread.start()

    def follow(self, collection: Collection, rows: FlatRows) -> None:
        """Copy `rows` to a collection of Lite, and all later changes."""
        followed = self._followed.get(collection.name)
        if followed is None or followed.dropped:
            compare = followed is not None or self._stamped.get(collection.name) != rows.fingerprint()
            with self._changed:
                self._followed[collection.name] = _Followed(collection, rows, compare)
                self._changed.notify_all()

    def copy(self, collection: Collection, item_ids: Iterable[str]) -> None:
        """Copy rows that were changed or deleted."""
        with self._changed:
            if (followed := self._followed.get(collection.name)) is not None:
                followed.pending.update(dict.fromkeys(item_ids))
                self._changed.notify_all()

    def drop(self, collection: Collection, rows: FlatRows) -> None:
        """Remove a collection from Lite, and wait until it is gone.

        Raises:
            Unavailable: Lite does not answer, or the process stops meanwhile.
        """
        with self._changed:
            followed = self._followed.setdefault(collection.name, _Followed(collection, rows, compare=False))
            followed.dropped = True
            self._changed.notify_all()
            self._changed.wait_for(
                lambda: not self._is_followed(followed) or self._stop_by_s is not None, _DROP_S
            )
            if self._is_followed(followed):
                raise Unavailable("the vector store cannot answer", reason="VECTOR_STORE_UNAVAILABLE")

    def rebuild(self, collection: Collection) -> None:
        """Make the collection in Lite anew, without what was deleted, and wait until it has every row.

        Raises:
            Unavailable: the process stops meanwhile.
        """
        with self._changed:
            if (followed := self._followed.get(collection.name)) is None:
                return
            followed.rebuild = True
            self._wait_for_copy(followed)
            if followed.behind:
                raise Unavailable("the vector store is closed", reason="VECTOR_STORE_UNAVAILABLE")

    def stored_rows(self, collection: Collection) -> StoredRows | None:
        """The rows in Lite; None where they go on differing from those in memory."""
        with self._changed:
            if (followed := self._followed.get(collection.name)) is None:
                return None
            self._wait_for_copy(followed, _WAIT_S)
            if followed.behind:
                return None
        self._stamp.remove()
        (rows,) = self._lite.stored_rows(collection)
        return None if followed.behind else rows

    def _wait_for_copy(self, followed: _Followed, timeout_s: float | None = None) -> None:
        """Wait until Lite has all rows, or the process stops; rows do not gather meanwhile."""
        self._waiting += 1
        self._changed.notify_all()
        try:
            self._changed.wait_for(lambda: not followed.behind or self._stops, timeout_s)
        finally:
            self._waiting -= 1

    def stop(self) -> None:
        """Copy the remaining rows within a few seconds; write the stamp if all were copied."""
        if not self._thread.is_alive():
            return
        with self._changed:
            self._stop_by_s = time.monotonic() + _STOP_S
            self._changed.notify_all()
        self._thread.join()
        self._lite.close()
        synchronized = [followed for followed in self._followed.values() if not followed.behind]
        try:
            self._stamp.write({each.collection.name: each.rows.fingerprint() for each in synchronized})
        except OSError as error:  # the next start compares all rows
            _LOG.warning("Milvus Lite was closed without a stamp: %s", error)

    def _run(self) -> None:
        failures = 0
        while (followed := self._next()) is not None:
            started_s = time.monotonic()
            try:
                self._synchronize(followed)
                failures = 0
                self._rest(time.monotonic() - started_s)
            except Exception as error:
                self._throttle.warn(
                    _LOG, "Milvus Lite cannot be written; searches are not affected", error=error
                )
                if self._stop_by_s is not None:
                    return
                failures += 1
                with self._changed:
                    self._changed.wait_for(lambda: self._stops, _RETRY.pause_s(failures))

    def _rest(self, copy_s: float) -> None:
        """Pause for as long as a copy took, and then until rows have gathered."""
        with self._changed:
            self._changed.wait_for(lambda: self._stops, copy_s)
            self._changed.wait_for(self._is_due, max(0.0, _GATHER_S - copy_s))

    def _is_due(self) -> bool:
        """Whether the next copy waits for nothing."""
        return self._stops or self._waiting > 0 or any(each.urgent for each in self._followed.values())

    @property
    def _stops(self) -> bool:
        return self._stop_by_s is not None

    def _next(self) -> _Followed | None:
        """Wait for a collection with changes; None if the thread must end."""
        with self._changed:
            while True:
                waiting = [each for each in self._followed.values() if each.behind]
                behind = max(waiting, key=lambda each: each.dropped, default=None)
                if self._stop_by_s is not None and (behind is None or time.monotonic() > self._stop_by_s):
                    return None
                if behind is not None:
                    return behind
                self._changed.wait()

    def _synchronize(self, followed: _Followed) -> None:
        """Do one piece of work: compare a collection, or copy some rows."""
        self._stamp.remove()
        if followed.dropped:
            self._drop(followed)
        elif followed.rebuild:
            self._lite.drop_collection(followed.collection)
            followed.compare, followed.rebuild = True, False
        elif self._lite.load(followed.collection) or followed.compare:
            self._compare(followed)
        else:
            self._copy_some(followed)
        with self._changed:
            self._changed.notify_all()

    def _drop(self, followed: _Followed) -> None:
        self._lite.drop_collection(followed.collection)
        with self._changed:
            if self._is_followed(followed):
                del self._followed[followed.collection.name]

    def _is_followed(self, followed: _Followed) -> bool:
        return self._followed.get(followed.collection.name) is followed

    def _compare(self, followed: _Followed) -> None:
        followed.compare = True
        held, stored = followed.rows.revisions(), self._lite.revisions(followed.collection)
        differing = [item_id for (_, item_id), _ in held.items() ^ stored.items()]
        with self._changed:
            followed.pending.update(dict.fromkeys(differing))
            followed.compare = False

    def _copy_some(self, followed: _Followed) -> None:
        with self._changed:
            item_ids = list(islice(followed.pending, _CHUNK))
            for item_id in item_ids:
                del followed.pending[item_id]
        try:
            rows = followed.rows.rows(item_ids)
            gone = {*item_ids} - {row.id for row in rows}
            self._lite.upsert(followed.collection, rows)
            self._lite.delete(followed.collection, sorted(gone))
        except Exception:
            self.copy(followed.collection, item_ids)
            raise
        if not followed.behind:
            _LOG.info("%s: %d rows of %s", UP_TO_DATE, len(followed.rows), followed.collection.name)
