"""Audits of a catalogue: where its stores differ."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """A difference: "lost", "doubled", "stale" or "orphaned", in "vectors" or "blobs".

    `id` is the item's, or the picture's key; `collection` is that of the vector, "" of a picture.
    """

    problem: str
    store: str
    tenant: str
    id: str
    collection: str = ""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What the stores of a catalogue hold, and how many differences there are of each kind.

    `lost` counts vectors and pictures that are missing, `doubled` vectors that are stored several times,
    `stale` those older than their item, and `orphaned` vectors and pictures that belong to nothing.
    `repaired` of them were mended, or are about to be. `findings` has the first 100.
    """

    items: int
    vectors: int
    blobs: int
    lost: int
    doubled: int
    stale: int
    orphaned: int
    repaired: int = 0
    findings: tuple[AuditFinding, ...] = ()

    @property
    def differences(self) -> int:
        return self.lost + self.doubled + self.stale + self.orphaned
