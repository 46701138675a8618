"""What is done with the taxonomy of a tenant before calls are answered with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from domain.taxonomy import Taxonomy

Prepare: TypeAlias = Callable[[Taxonomy], Awaitable[None]]
"""Works out what a taxonomy needs. Raises ArmoireError where that cannot be done at the moment."""


async def prepare_nothing(_taxonomy: Taxonomy) -> None:
    """A `Prepare` of a process without models."""
