"""How requests are to be sent: by how many, how often, for how long."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from armoire.bench.requests import Requests
from armoire.channel import Tls


@dataclass(frozen=True, slots=True)
class Load:
    """A closed loop of clients, or an open one where there is a rate.

    Closed: each client sends its next call when its last one is answered. Open: calls fall due at random
    times (a Poisson process) whatever the server does; each is sent by a client that is free, and waits
    for one where none is.

    `connections` is for each process, `seed` fixes the random times, `first` is the request to begin with.
    `metadata` goes with every call, such as a key.
    """

    address: str
    requests: Requests
    clients: int
    seconds: float
    warm_up_s: float = 1.0
    rate_per_s: float | None = None
    timeout_s: float = 30.0
    connections: int = 1
    seed: int = 0
    first: int = 0
    metadata: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    tls: Tls | None = None

    def split(self, processes: int) -> list[Load]:
        """The shares of that many processes, or of as many as there are clients."""
        shares = min(processes, self.clients)
        return [self._share(index, shares) for index in range(shares)]

    def due_times_s(self) -> Iterator[float]:
        """When calls of an open loop fall due, in seconds from the warm-up's beginning."""
        if self.rate_per_s is None:
            return
        chance = random.Random(self.seed)
        due_s = chance.expovariate(self.rate_per_s)
        while due_s < self.warm_up_s + self.seconds:
            yield due_s
            due_s += chance.expovariate(self.rate_per_s)

    def _share(self, index: int, shares: int) -> Load:
        """Poisson processes add up to one: each share gets its part of the rate and a seed of its own."""
        clients = self.clients // shares + (index < self.clients % shares)
        return replace(
            self,
            clients=clients,
            connections=min(self.connections, clients),
            rate_per_s=self.rate_per_s and self.rate_per_s / shares,
            seed=self.seed * shares + index,
            first=index * len(self.requests.bodies) // shares,
        )
