"""The time that a sample is of, and how its photos count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Window:
    """From `since` until before `until`; None is from the beginning, and until now."""

    since: datetime | None = None
    until: datetime | None = None

    def check(self, name: str) -> None:
        """Raises InvalidInput where the window ends before it begins."""
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise InvalidInput(
                name, f"must begin before it ends, got {self.since.isoformat()} to {self.until.isoformat()}"
            )

    def holds(self, moment: datetime | None) -> bool:
        if moment is None:
            return False
        begun = self.since is None or moment >= self.since
        return begun and (self.until is None or moment < self.until)

    def document(self) -> dict[str, str | None]:
        return {"since": _text(self.since), "until": _text(self.until)}

    @classmethod
    def of_document(cls, document: Mapping[str, Any]) -> Window:
        """The window of `document()`. Raises ValueError, KeyError or TypeError for anything else."""
        since, until = (_moment(document[name]) for name in ("since", "until"))
        return cls(since, until)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
