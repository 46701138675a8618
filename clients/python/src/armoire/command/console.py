"""Where a command's results, progress and complaints go."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TextIO

from armoire.command.documents import Document, error_document
from armoire.command.progress import Progress
from armoire.command.tables import table
from armoire.errors import ArmoireError


class UsageError(Exception):
    """The command line asks for something that cannot be; ends the command with 2."""


class CommandFailed(Exception):
    """Something on this side stands in the way; ends the command with 1."""


class Console:
    """Results go to `out`, as a line of JSON each or as text; everything else goes to `err`.

    `failed` remembers whether any part of the work failed.
    """

    def __init__(self, as_json: bool, out: TextIO, err: TextIO) -> None:
        self.failed = False
        self._as_json = as_json
        self._out = out
        self._err = err
        self._progress = Progress("", 0, err)

    def start(self, label: str, total: int, unit: str = "") -> None:
        """Begins work of `total` steps, of which `step` marks each."""
        self._progress = Progress(label, total, self._err, unit)

    def step(self) -> None:
        self._progress.advance()

    def reach(self, done: int) -> None:
        """So many steps are done by now."""
        self._progress.reach(done)

    def finish(self) -> None:
        self._progress.clear()

    def show(self, document: Document, text: str) -> None:
        """One result, for programs or for people."""
        self._write(self._out, json.dumps(document) if self._as_json else text)

    def show_table(
        self, documents: Iterable[Document], headers: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Several results of one kind."""
        if not self._as_json:
            self._write(self._out, table(headers, rows))
            return
        for document in documents:
            self._write(self._out, json.dumps(document))

    def show_failure(self, document: Mapping[str, object], subject: str, error: ArmoireError) -> None:
        """What went wrong with `subject`, named once; programs get `document` with the error in it."""
        if self._as_json:
            self._write(self._out, json.dumps({**document, "error": error_document(error)}))
        is_named = not subject or subject in error.message
        self.complain(error.message if is_named else f"{subject}: {error.message}", error.request_id)

    def complain(self, message: str, request_id: str = "") -> None:
        """A message for people, whatever the output is for."""
        self.failed = True
        suffix = f" (request id {request_id})" if request_id else ""
        self._write(self._err, f"armoire: {message}{suffix}")

    def note(self, message: str) -> None:
        """Good to know, and no result."""
        self._write(self._err, message)

    def _write(self, stream: TextIO, text: str) -> None:
        self._progress.clear()
        stream.write(text + "\n")
        stream.flush()
