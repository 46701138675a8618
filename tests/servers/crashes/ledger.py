"""What the callers were told, and whether the catalogue still says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class Entry:
    """A photo and its product: what each may be, after the answers and the calls without one.

    `brands`, `labels` and `alive` have one value where the last call was answered. The label "" is the
    model's.
    """

    number: int
    acknowledged: bool = False
    brands: set[str] = field(default_factory=lambda: {"first"})
    labels: set[str] = field(default_factory=lambda: {""})
    alive: set[bool] = field(default_factory=lambda: {True})

    def sent(self, op: str, value: str) -> None:
        match op:
            case "brand":
                self.brands.add(value)
            case "label":
                self.labels.add(value)
            case "delete" | "restore":
                self.alive.add(op == "restore")

    def done(self, op: str, value: str) -> None:
        match op:
            case "index":
                self.acknowledged = True
            case "brand":
                self.brands = {value}
            case "label":
                self.labels = {value}
            case "delete" | "restore":
                self.alive = {op == "restore"}


@dataclass(eq=False)
class Ledger:
    """The photos by number, the calls by their end, and what was wrong."""

    entries: dict[int, Entry] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def note(self, told: Mapping[str, Any]) -> None:
        """Take a line of a caller."""
        op, phase = told["op"], told.get("phase", "")
        self.calls[f"{op} {phase}".strip()] += 1
        if phase == "wrong":
            self.wrong.append(f"{op} of {told['number']}: {told['text']}")
        if (number := told.get("number", -1)) < 0 or phase not in ("sent", "done"):
            return
        entry = self.entries.setdefault(number, Entry(number))
        (entry.sent if phase == "sent" else entry.done)(op, told["value"])

    def unanswered(self) -> list[dict[str, Any]]:
        """The photos that were sent without an answer."""
        return [{"number": entry.number} for entry in self.entries.values() if not entry.acknowledged]

    def compare(self, look: Mapping[str, Any]) -> list[str]:
        """What the catalogue holds otherwise than it said, and what an audit found."""
        audit = look["audit"]
        found = [
            f"audit: {name} {audit[name]}" for name in ("lost", "doubled", "stale", "orphaned") if audit[name]
        ]
        found += [f"audit: {finding}" for finding in audit["findings"]]
        failed = {state: count for state, count in look["jobs"].items() if state.startswith("failed")}
        found += [f"jobs: {count} {state}" for state, count in failed.items() if "IMAGE_DELETED" not in state]
        for entry in self.entries.values():
            found += [f"photo {entry.number}: {problem}" for problem in _problems(entry, look)]
        return found


def _problems(entry: Entry, look: Mapping[str, Any]) -> list[str]:
    name, external_id = f"photo-{entry.number}", f"SKU-{entry.number}"
    count, brand = look["images"].get(name, 0), look["products"].get(external_id)
    problems = []
    if count > 1:
        problems.append(f"is there {count} times")
    if not entry.acknowledged:
        return problems
    if brand not in entry.brands:
        problems.append(f"its product's brand is {brand!r}, not {sorted(entry.brands)}")
    if bool(count) not in entry.alive:
        problems.append("is lost" if not count else "is there though it was deleted")
    labels = look["labels"].get(name, [])
    if count and not labels:
        problems.append("has no items")
    if count and "" not in entry.labels and not entry.labels & set(labels):
        problems.append(f"its items are {labels}, none is {sorted(entry.labels)}")
    return problems
