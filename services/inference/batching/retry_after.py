"""When those who were refused are to come back."""

from __future__ import annotations

import random
import time

_SHARE = 0.25
"""Of what is answered, those who come back are to ask for so much."""
_FIRST_S = 0.5
"""What all places together are taken to last before anything is known."""
_SOONEST_S = 0.05
_LATEST_S = 10.0
_JITTER = (0.8, 1.0)
_WEIGHT = 0.05
"""Of the latest that left in the mean."""


class Pace:
    """Gives each refused caller a moment of its own, the next one after that of the caller before.

    Refusing costs the same cores that answer. A time that did not depend on how many are refused would have
    the whole excess come back in it, again and again; here it comes back at a rate that follows what is
    answered, as long as that takes no more than ten seconds. Whoever that cannot hold comes back at some
    moment of their second half.

    How fast places fall free is measured from one refusal to the next, so while there are none. Tell it of
    all that `left`, and that it is `eased` once there is ample room.
    """

    def __init__(self, places: int) -> None:
        self._place_s = _FIRST_S / places
        """From one that leaves a full house to the next."""
        self._left = 0
        self._full_since: float | None = None
        self._last = 0.0

    def left(self, places: int = 1) -> None:
        """So many have fallen free."""
        self._left += places

    def eased(self) -> None:
        """There is ample room: what leaves from now on says nothing of how fast a full house empties."""
        self._full_since = None

    def retry_after_s(self, places: int = 1) -> float:
        """Seconds to stay away for a caller who found no room and needs so many places."""
        now = time.monotonic()
        place_s = max(self._measured_s(now), self._stuck_s(now))
        self._last = max(self._last, now) + places * place_s / _SHARE
        if self._last > now + _LATEST_S:
            self._last = now + _LATEST_S
            return random.uniform(_LATEST_S / 2, _LATEST_S)
        return max(_SOONEST_S, self._last - now) * random.uniform(*_JITTER)

    def _measured_s(self, now: float) -> float:
        """From one that leaves a full house to the next; each refusal begins a new measurement."""
        if self._full_since is None:
            self._full_since, self._left = now, 0
        elif self._left:
            weight = 1 - (1 - _WEIGHT) ** self._left
            self._place_s += weight * ((now - self._full_since) / self._left - self._place_s)
            self._full_since, self._left = now, 0
        return self._place_s

    def _stuck_s(self, now: float) -> float:
        """For how long nobody has left."""
        return 0.0 if self._full_since is None else now - self._full_since
