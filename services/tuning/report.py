"""What was found, as Markdown for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from services.tuning.choice import Entry, Lead, Preference, Standings, rule
from services.tuning.machine import Machine
from services.tuning.race import Race
from services.tuning.setting import Setting

FEW_CALLS = 300
HEADERS = (
    "setting",
    "rounds",
    "lone p50, ms",
    "throughput, /s",
    "p50 under load, ms",
    "p99 under load, ms",
    "rows a batch",
    "against the present: lone",
    "throughput",
    "p99",
    "outcome",
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What was measured, where and how; `settings_lines` are those of the file that was written."""

    machine: Machine
    artifacts: Mapping[str, str]
    rpc: str
    clients: int
    photos: str
    preference: Preference
    command: str
    date: str
    took_s: float
    settings_lines: Sequence[str]


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """A finished race, and the setting chosen from it."""

    subject: Subject
    race: Race
    chosen: Setting

    @property
    def standings(self) -> Standings:
        return self.race.standings

    def markdown(self) -> str:
        return "\n\n".join([*self._chosen(), *self._front(), *self._all(), *self._method()]) + "\n"

    def environment(self) -> str:
        """The file of settings, for a shell and for whatever reads NAME=value lines."""
        subject = self.subject
        head = (
            f"# {subject.date}, {subject.machine.cpu}, {subject.machine.cores} cores: `{subject.command}`",
            *(f"# {name}: {found}" for name, found in subject.artifacts.items()),
        )
        return "\n".join([*head, *subject.settings_lines, ""])

    def json(self) -> str:
        front = set(self.standings.front())
        subject = asdict(self.subject)
        found = {
            **subject,
            "rule": rule(self.subject.preference),
            "present": asdict(self.race.reference),
            "chosen": asdict(self.chosen),
            "why": self.why(),
            "settings": [self._record(entry, front) for entry in self.race.entries],
        }
        return json.dumps(found, indent=1) + "\n"

    def _record(self, entry: Entry, front: set[Setting]) -> dict[str, Any]:
        return {
            **asdict(entry.setting),
            "outcome": self._outcome(entry, front),
            "rounds": {str(number): asdict(figures) for number, figures in entry.found.items()},
            "against_present": asdict(self._lead(entry)) if entry.found else None,
        }

    def _lead(self, entry: Entry) -> Lead:
        return Lead.of(entry, self._entry(self.race.reference))

    def _entry(self, setting: Setting) -> Entry:
        return next(entry for entry in self.race.entries if entry.setting == setting)

    def why(self) -> str:
        """The chosen setting beside the best by each figure, and beside the present one."""
        told = (
            f"{self.chosen}: a lone client's p50 is {self._beside_best('lone_p50_ms', 'ms', 0)}, the crowd's "
            f"throughput {self._beside_best('throughput_per_s', '/s', 1)}, its p99 "
            f"{self._beside_best('load_p99_ms', 'ms', 2)}."
        )
        if self.chosen == self.race.reference:
            return f"{told} It is the present setting: no other is better by more than chance."
        lead = self.standings.leads[self.chosen]
        return (
            f"{told} Against the present setting: {1 / lead.lone:.2f} times the p50 alone, "
            f"{lead.throughput:.2f} times the throughput, {1 / lead.tail:.2f} times the p99."
        )

    def _beside_best(self, figure: str, unit: str, index: int) -> str:
        leads = self.standings.leads
        best = max(leads, key=lambda setting: leads[setting].figures[index])
        value = f"{self._entry(self.chosen).median(figure):.1f} {unit}"
        if best == self.chosen:
            return f"{value} (the best)"
        return f"{value} ({best} has {self._entry(best).median(figure):.1f})"

    def _chosen(self) -> list[str]:
        lines = self.subject.settings_lines
        written = "\n".join(lines) if lines else "# nothing: the defaults are best here"
        return [
            f"# Tuned for {self.subject.rpc} on {self.subject.machine.cpu}",
            self.why(),
            f"```\n{written}\n```",
        ]

    def _front(self) -> list[str]:
        front = self.standings.front()
        return [
            "## The front",
            "No other setting measured to the end is as good in all three of lone p50, throughput and p99.",
            self._table([self._entry(setting) for setting in front]),
        ]

    def _all(self) -> list[str]:
        texts = [
            "## All settings",
            "Medians over the rounds, with the least and the most. The comparison with the present setting "
            "is the median of the ratios within each round; above 1 is better.",
            self._table(self.race.entries),
        ]
        calls = sum(figures.load_calls for figures in self._entry(self.chosen).found.values())
        if calls < FEW_CALLS:
            texts.append(
                f"The p99 of the chosen setting rests on {calls} calls: it is little more than the slowest "
                "of them. More `--minutes` make it a better guess."
            )
        return texts

    def _table(self, entries: Iterable[Entry]) -> str:
        front = set(self.standings.front())
        rows = [HEADERS, ("---",) * len(HEADERS), *(self._row(entry, front) for entry in entries)]
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def _row(self, entry: Entry, front: set[Setting]) -> Sequence[str]:
        outcome = self._outcome(entry, front)
        if not entry.found:
            return [str(entry.setting), "0", *[""] * (len(HEADERS) - 3), outcome]
        lead = self._lead(entry)
        return [
            str(entry.setting),
            str(len(entry.found)),
            spread(entry, "lone_p50_ms", 1),
            spread(entry, "throughput_per_s", 1),
            spread(entry, "load_p50_ms", 0),
            spread(entry, "load_p99_ms", 0),
            " / ".join(_rows(entry.median(figure)) for figure in ("detector_rows", "image_rows")),
            *(f"{figure:.2f}" for figure in lead.figures),
            outcome,
        ]

    def _outcome(self, entry: Entry, front: set[Setting]) -> str:
        words = [
            "**chosen**" if entry.setting == self.chosen else "",
            "present" if entry.setting == self.race.reference else "",
            "on the front" if entry.setting in front else "",
            entry.left,
        ]
        return ", ".join(word for word in words if word)

    def _method(self) -> list[str]:
        subject, machine = self.subject, self.subject.machine
        versions = ", ".join(f"{name} {found}" for name, found in machine.versions.items())
        lines = [
            subject.date,
            f"{machine.cpu}, {machine.cores} cores, {machine.memory_gib:g} GiB; {machine.system}; {versions}",
            *machine.gpus,
            *(f"{name}: {found}" for name, found in subject.artifacts.items()),
            f"`{subject.rpc}` of {subject.photos}, one client and then {subject.clients}, in "
            f"{self.race.rounds} rounds, {subject.took_s:.0f} s in all",
            f"other programs used {machine.busy_cores:g} cores just before",
            f"`{subject.command}`",
        ]
        return [
            "## How",
            "\n".join(f"- {line}" for line in lines),
            f"Chosen is {rule(subject.preference)}",
            "The serving code itself was measured, from encoded photos to answers, without gRPC, whose cost "
            "is the same for every setting. Every visit to a setting loads the models anew; every round "
            "takes the settings in another order.",
        ]


def _rows(mean: float) -> str:
    return f"{mean:.1f}" if mean else "–"


def spread(entry: Entry, figure: str, decimals: int) -> str:
    """The median over the rounds, and the least and most."""
    values = entry.values(figure)
    return f"{entry.median(figure):.{decimals}f} ({min(values):.{decimals}f}–{max(values):.{decimals}f})"
