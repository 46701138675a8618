"""When those who were refused are to come back."""

from __future__ import annotations

import time

_SHARE = 0.25
"""Of what the server can answer, those who come back are to ask for so much."""
_SOONEST_S = 0.05
_LATEST_S = 10.0


class Pace:
    """Gives each refused caller a moment of its own, the next one after that of the caller before.

    Refusing costs the same cores that answer. A time that did not depend on how many are refused would have
    the whole excess come back in it, again and again; here it comes back at the same rate whatever its size.
    """

    def __init__(self) -> None:
        self._last = 0.0

    def retry_after_s(self, cost_s: float) -> float:
        """Seconds to stay away for a caller whose work takes `cost_s` of the whole server's time."""
        now = time.monotonic()
        self._last = min(max(self._last, now) + cost_s / _SHARE, now + _LATEST_S)
        return max(_SOONEST_S, self._last - now)
