"""The order in which work of several owners is admitted."""

from __future__ import annotations

_MAX_OWNERS = 1024


class FairOrder:
    """Orders photos so that no owner, who has many, delays the others: each photo has a start, lowest first.

    Source: P. Goyal, H. Vin, H. Cheng, "Start-time Fair Queuing", SIGCOMM 1996, with pixels as the cost.
    """

    def __init__(self) -> None:
        self._now = 0
        self._finishes: dict[str, int] = {}

    def __len__(self) -> int:
        """The owners that are remembered."""
        return len(self._finishes)

    def next_start(self, owner: str, pixels: int) -> int:
        """The start of the owner's next photo: behind the owner's other photos, or now."""
        start = max(self._now, self._finishes.get(owner, 0))
        self._finishes[owner] = start + pixels
        return start

    def admit(self, start: int) -> None:
        """A photo was admitted; owners whose photos lie behind it are forgotten when there are many."""
        self._now = max(self._now, start)
        if len(self._finishes) > _MAX_OWNERS:
            self._finishes = {o: finish for o, finish in self._finishes.items() if finish > self._now}
