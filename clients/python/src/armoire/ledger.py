"""The state of a bulk run: which photos were taken, which are answered, and what comes next."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from armoire.errors import ArmoireError

I = TypeVar("I")  # noqa: E741 - an input
T = TypeVar("T")


@dataclass(slots=True)
class Entry(Generic[I]):
    """A photo that was taken.

    Attributes:
        tries: how often the server has sent it back.
        unreadable: why it could not be sent; this replaces the server's answer.
    """

    position: int
    photo: I
    tries: int = 0
    unreadable: ArmoireError | None = None

    @property
    def id(self) -> str:
        return str(self.position)


class Ledger(Generic[I, T]):
    """Hands out outcomes in the order of the photos; at most `window` photos are taken and not handed out.

    It has no lock of its own.
    """

    def __init__(self, window: int) -> None:
        self._window = window
        self._unanswered: dict[int, Entry[I]] = {}
        self._answered: dict[int, tuple[Entry[I], T | ArmoireError]] = {}
        self._to_send: list[tuple[float, int]] = []
        self._taken = 0
        self._handed_out = 0
        self.exhausted = False

    @property
    def owes(self) -> bool:
        """Whether a photo that was taken has no answer."""
        return bool(self._unanswered)

    @property
    def finished(self) -> bool:
        """Whether there are no more photos, and all are answered."""
        return self.exhausted and not self._unanswered

    @property
    def has_room(self) -> bool:
        return not self.exhausted and self._taken - self._handed_out < self._window

    @property
    def must_send(self) -> bool:
        """Whether a photo that was taken is to be sent, again or for the first time."""
        while self._to_send and self._to_send[0][1] not in self._unanswered:
            heapq.heappop(self._to_send)
        return bool(self._to_send)

    def take(self, photo: I) -> Entry[I]:
        """Add a photo, which is to be sent by the caller."""
        entry = Entry[I](self._taken, photo)
        self._unanswered[entry.position] = entry
        self._taken += 1
        return entry

    def send_again(self, entry: Entry[I], due_s: float = 0.0) -> None:
        """Send a photo once it is `due_s`."""
        heapq.heappush(self._to_send, (due_s, entry.position))

    def send_all_again(self) -> None:
        """Send all photos without an answer, because what was sent is lost."""
        due = {position: due_s for due_s, position in self._to_send}
        self._to_send = [(due.get(position, 0.0), position) for position in self._unanswered]
        heapq.heapify(self._to_send)

    def next_to_send(self) -> tuple[float, Entry[I]]:
        """The photo that is due first, and when; only where one must be sent."""
        due_s, position = heapq.heappop(self._to_send)
        return due_s, self._unanswered[position]

    def entry_of(self, id: str) -> Entry[I] | None:
        """The photo that an answer is for; None where it has been answered before."""
        return self._unanswered.get(int(id)) if id.isdecimal() else None

    def answer(self, entry: Entry[I], outcome: T | ArmoireError) -> None:
        del self._unanswered[entry.position]
        self._answered[entry.position] = (entry, entry.unreadable or outcome)

    def hand_out(self) -> Iterator[tuple[I, T | ArmoireError]]:
        """The outcomes that are next in order."""
        while self._handed_out in self._answered:
            entry, outcome = self._answered.pop(self._handed_out)
            self._handed_out += 1
            yield entry.photo, outcome
