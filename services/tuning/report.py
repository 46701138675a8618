"""The report of a race, as Markdown, JSON and environment file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from services.tuning.choice import Candidate, Preference, Ranking, Speedup, rule
from services.tuning.machine import Machine
from services.tuning.race import Race
from services.tuning.setting import Setting

FEW_CALLS = 300
HEADERS = (
    "setting",
    "rounds",
    "p50 of 1 client, ms",
    "throughput, /s",
    "p50 under load, ms",
    "p99 under load, ms",
    "rows per batch",
    "p50 ratio",
    "throughput ratio",
    "p99 ratio",
    "outcome",
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What was measured, where and how; `settings_lines` are the lines of settings.env."""

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
    """A finished race and the chosen setting."""

    subject: Subject
    race: Race
    chosen: Setting

    @property
    def ranking(self) -> Ranking:
        return self.race.ranking

    def markdown(self) -> str:
        return "\n\n".join([*self._chosen(), *self._front(), *self._all(), *self._method()]) + "\n"

    def environment(self) -> str:
        """The content of settings.env: NAME=value lines for a shell, Docker or systemd."""
        subject = self.subject
        head = (
            f"# {subject.date}, {subject.machine.cpu}, {subject.machine.cores} cores: `{subject.command}`",
            *(f"# {name}: {found}" for name, found in subject.artifacts.items()),
        )
        return "\n".join([*head, *subject.settings_lines, ""])

    def json(self) -> str:
        front = set(self.ranking.pareto_front())
        subject = asdict(self.subject)
        found = {
            **subject,
            "rule": rule(self.subject.preference),
            "present": asdict(self.race.reference),
            "chosen": asdict(self.chosen),
            "why": self.why(),
            "settings": [self._record(candidate, front) for candidate in self.race.candidates],
        }
        return json.dumps(found, indent=1) + "\n"

    def _record(self, candidate: Candidate, front: set[Setting]) -> dict[str, Any]:
        return {
            **asdict(candidate.setting),
            "outcome": self._outcome(candidate, front),
            "rounds": {str(number): asdict(figures) for number, figures in candidate.results.items()},
            "against_present": asdict(self._speedup(candidate)) if candidate.results else None,
        }

    def _speedup(self, candidate: Candidate) -> Speedup:
        return Speedup.of(candidate, self._candidate(self.race.reference))

    def _candidate(self, setting: Setting) -> Candidate:
        return next(candidate for candidate in self.race.candidates if candidate.setting == setting)

    def why(self) -> str:
        """A paragraph that compares the chosen setting with the best by each figure and the present one."""
        text = (
            f"{self.chosen}: the p50 of 1 client is {self._compared_with_best('single_p50_ms', 'ms', 0)}, "
            f"the throughput under load {self._compared_with_best('throughput_per_s', '/s', 1)}, its p99 "
            f"{self._compared_with_best('load_p99_ms', 'ms', 2)}."
        )
        if self.chosen == self.race.reference:
            return f"{text} It is the present setting; no other is clearly better."
        speedup = self.ranking.speedups[self.chosen]
        return (
            f"{text} Compared with the present setting: {1 / speedup.single:.2f} times the p50 of 1 client, "
            f"{speedup.throughput:.2f} times the throughput, {1 / speedup.p99:.2f} times the p99."
        )

    def _compared_with_best(self, figure: str, unit: str, index: int) -> str:
        speedups = self.ranking.speedups
        best = max(speedups, key=lambda setting: speedups[setting].figures[index])
        value = f"{self._candidate(self.chosen).median(figure):.1f} {unit}"
        if best == self.chosen:
            return f"{value} (the best)"
        return f"{value} ({best} has {self._candidate(best).median(figure):.1f})"

    def _chosen(self) -> list[str]:
        lines = self.subject.settings_lines
        written = "\n".join(lines) if lines else "# empty: the defaults are the best"
        return [
            f"# Tuned for {self.subject.rpc} on {self.subject.machine.cpu}",
            self.why(),
            f"```\n{written}\n```",
        ]

    def _front(self) -> list[str]:
        front = self.ranking.pareto_front()
        return [
            "## Pareto front",
            "No other remaining setting is as good in p50 of 1 client, throughput and p99 together.",
            self._table([self._candidate(setting) for setting in front]),
        ]

    def _all(self) -> list[str]:
        texts = [
            "## All settings",
            "Medians over the rounds, with minimum and maximum. A ratio to the present setting is the median "
            "of those within each round; above 1 is better.",
            self._table(self.race.candidates),
        ]
        calls = sum(figures.load_calls for figures in self._candidate(self.chosen).results.values())
        if calls < FEW_CALLS:
            texts.append(
                f"The p99 of the chosen setting rests on {calls} calls, so it is hardly more than the "
                "slowest of them. More `--minutes` make it more precise."
            )
        return texts

    def _table(self, candidates: Iterable[Candidate]) -> str:
        front = set(self.ranking.pareto_front())
        rows = [HEADERS, ("---",) * len(HEADERS), *(self._row(candidate, front) for candidate in candidates)]
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def _row(self, candidate: Candidate, front: set[Setting]) -> Sequence[str]:
        outcome = self._outcome(candidate, front)
        if not candidate.results:
            return [str(candidate.setting), "0", *[""] * (len(HEADERS) - 3), outcome]
        speedup = self._speedup(candidate)
        return [
            str(candidate.setting),
            str(len(candidate.results)),
            spread(candidate, "single_p50_ms", 1),
            spread(candidate, "throughput_per_s", 1),
            spread(candidate, "load_p50_ms", 0),
            spread(candidate, "load_p99_ms", 0),
            " / ".join(_rows(candidate.median(figure)) for figure in ("detector_rows", "image_rows")),
            *(f"{figure:.2f}" for figure in speedup.figures),
            outcome,
        ]

    def _outcome(self, candidate: Candidate, front: set[Setting]) -> str:
        words = [
            "**chosen**" if candidate.setting == self.chosen else "",
            "present" if candidate.setting == self.race.reference else "",
            "on the Pareto front" if candidate.setting in front else "",
            candidate.eliminated,
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
            f"`{subject.rpc}` of {subject.photos}, 1 client and then {subject.clients}, in "
            f"{self.race.rounds} rounds, {subject.took_s:.0f} s in all",
            f"other programs used {machine.busy_cores:g} cores just before",
            f"`{subject.command}`",
        ]
        return [
            "## How",
            "\n".join(f"- {line}" for line in lines),
            f"The choice is {rule(subject.preference)}",
            "The serving code was measured from encoded photos to answers, without gRPC, whose cost is the "
            "same for every setting. Every trial loads the models anew; every round has another order.",
        ]


def _rows(mean: float) -> str:
    return f"{mean:.1f}" if mean else "–"


def spread(candidate: Candidate, figure: str, decimals: int) -> str:
    """Write the median over the rounds with minimum and maximum."""
    values = candidate.values(figure)
    return f"{candidate.median(figure):.{decimals}f} ({min(values):.{decimals}f}–{max(values):.{decimals}f})"
