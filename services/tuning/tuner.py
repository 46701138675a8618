"""One run of the tuner: measures settings around the present one on the serving code and writes the best."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from domain.errors import FailedPrecondition, InvalidInput
from domain.taxonomy import Taxonomy
from models.providers import Provider
from services.host.composition import decode_limits
from services.inference.cores import cpu_count
from services.tuning.budget import Budget, default_clients
from services.tuning.choice import Candidate, Preference
from services.tuning.command import grid_of
from services.tuning.machine import Machine
from services.tuning.output import make_folder, write_report
from services.tuning.photos import read_photos
from services.tuning.race import Race, planned_trials
from services.tuning.report import Report, Subject
from services.tuning.server_settings import (
    options_of,
    quoted,
    replaced,
    setting_of,
    settings_lines,
    version_of,
    with_models,
)
from services.tuning.setting import Grid, Setting
from services.tuning.trial import TrialResult, TrialRunner, Workload
from settings import Settings

BUSY_SHARE = 0.2
"""Share of the cores from which the load by other programs is mentioned."""

INSTALL = {
    "cpu": "run `make setup`, which installs onnxruntime",
    "cuda": "run `make setup PROVIDER=cuda`, which installs onnxruntime-gpu with CUDA and cuDNN",
    "tensorrt": "run `make setup PROVIDER=tensorrt`, which adds TensorRT to what cuda installs",
}


@dataclass(frozen=True, slots=True, eq=False)
class Tuner:
    """A run with all its inputs checked; `prepare` makes it."""

    settings: Settings
    providers: Sequence[Provider]
    trials: TrialRunner
    grid: Grid
    minutes: float
    rounds: int
    preference: Preference
    photos: str
    out: Path
    console: Console

    @classmethod
    def prepare(cls, arguments: argparse.Namespace, settings: Settings, console: Console) -> Tuner:
        """Check the arguments and read the photos.

        Raises:
            InvalidInput: an argument cannot be used; the field is its option.
            SystemExit: a model does not exist.
        """
        settings = with_models(settings, arguments.detector, arguments.embedder)
        providers = list(dict.fromkeys(arguments.provider or [settings.models.provider]))
        if settings.models.provider not in providers:
            settings = replaced(settings, models={"provider": providers[0]})
        photos = read_photos(arguments.photos, decode_limits(settings))
        clients = arguments.clients or default_clients(providers, cpu_count())
        return cls(
            settings,
            providers,
            TrialRunner(
                lambda setting: options_of(settings, setting),
                Taxonomy.load(settings.taxonomy),
                Workload(arguments.call, photos, clients),
            ),
            grid_of(arguments),
            arguments.minutes,
            arguments.rounds,
            arguments.prefer,
            f"{len(photos)} photos of {arguments.photos.name}",
            make_folder(arguments.out or settings.home / "tune"),
            console,
        )

    async def run(self) -> None:
        """Measure, choose and write."""
        started = time.monotonic()
        machine = Machine.inspect()
        self._print_subject(machine)
        present = setting_of(self.settings)
        layouts = self._layouts(present, machine.cores)
        batches = self.grid.batches(present, self.trials.workload.rpc)
        if not layouts and not batches:
            raise InvalidInput("--slots", "and the other lists leave nothing to choose from")
        budget = self._budget(await self._first_trials(present), len(layouts), len(batches))
        race = await self._race(present, layouts, budget)
        chosen = race.ranking.choose(present)
        lines = list(settings_lines(chosen, self.settings))
        self._write(Report(self._subject(machine, lines, time.monotonic() - started), race, chosen))

    def _print_subject(self, machine: Machine) -> None:
        workload = self.trials.workload
        self._print(
            f"{machine.cpu}, {machine.cores} cores; {', '.join(self.providers)}; {workload.rpc} of "
            f"{self.photos}, 1 client and then {workload.clients}"
        )
        if machine.busy_cores >= BUSY_SHARE * machine.cores:
            self._print(
                f"other programs use {machine.busy_cores:g} cores; the figures will be lower and less steady"
            )

    def _print(self, line: str) -> None:
        self.console.print(line, markup=False)

    def _bases(self) -> list[Setting]:
        """The present setting on each provider."""
        return [setting_of(replaced(self.settings, models={"provider": each})) for each in self.providers]

    def _layouts(self, present: Setting, cores: int) -> list[Setting]:
        found = [each for base in self._bases() for each in (base, *self.grid.layouts(base, cores))]
        return [layout for layout in dict.fromkeys(found) if layout != present]

    def _batches(self, best: Candidate) -> list[Setting]:
        most = int(best.most("detector_most")), int(best.most("image_most"))
        return self.grid.batches(best.setting, self.trials.workload.rpc, most)

    async def _first_trials(self, present: Setting) -> TrialResult:
        """Check that each provider works; returns the shortest trial of the present setting."""
        for base in self._bases():
            self._print(f"loading the models on {base.provider} ...")
            try:
                await self.trials.run(base, 0.0, verify=self.settings.models.verify_golden)
            except FailedPrecondition as error:
                raise FailedPrecondition(
                    f"{error.message}. To have {base.provider}: {INSTALL[base.provider]}", reason=error.reason
                ) from error
        return await self.trials.run(present, 0.0)

    def _budget(self, typical: TrialResult, layouts: int, batches: int) -> Budget:
        trials = planned_trials(layouts, batches, self.rounds)
        budget = Budget.of(self.minutes, trials, self.trials.workload.clients, typical)
        self._print(
            f"{layouts + 1} combinations of slots and threads, then {batches} other batch sizes: "
            f"{trials} trials of {budget.total_s / trials:.1f} s, about {budget.total_s / 60:.1f} minutes"
        )
        return budget

    async def _race(self, present: Setting, layouts: Sequence[Setting], budget: Budget) -> Race:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self.console, refresh_per_second=1) as progress:
            bar = progress.add_task("", total=budget.trials)

            async def run_trial(setting: Setting) -> TrialResult:
                progress.update(bar, description=str(setting))
                try:
                    return await self.trials.run(setting, budget.trial_s)
                finally:
                    progress.advance(bar)

            race = Race(present, run_trial, self.preference)
            await race.run(layouts, self._batches, self.rounds, budget.trials)
            progress.update(bar, description="done", total=race.trials)
        return race

    def _subject(self, machine: Machine, lines: Sequence[str], took_s: float) -> Subject:
        models, workload = self.settings.models, self.trials.workload
        return Subject(
            machine,
            {"detector": version_of(models.detector), "embedder": version_of(models.embedder)},
            workload.rpc,
            workload.clients,
            self.photos,
            self.preference,
            shlex.join(["python", "-m", "services.tuning", *sys.argv[1:]]),
            f"{datetime.now(UTC):%Y-%m-%d}",
            took_s,
            lines,
        )

    def _write(self, report: Report) -> None:
        environment = write_report(report, self.out)
        self._print(report.why())
        if names := quoted(report.subject.settings_lines):
            self._print(
                f"{' and '.join(names)} needed quotes, which a shell and systemd remove, but docker "
                "--env-file keeps as part of the path"
            )
        self._print(f"{environment}, report.md and report.json are written. To serve with these settings:")
        self._print(f"  set -a; . {shlex.quote(str(environment))}; set +a; make serve")
