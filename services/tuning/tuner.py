"""python -m services.tuning: find out how this machine runs the models best, and write the settings for it.

A composition root: reads the settings, tries others around them on the serving code, and leaves three files.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shlex
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from domain.errors import ArmoireError, FailedPrecondition, InvalidInput
from domain.taxonomy import Taxonomy
from models.artifact import Artifact
from models.providers import Provider
from services.host.composition import decode_limits, inference_options, resolve_artifact
from services.inference.cores import cpu_count
from services.inference.options import InferenceOptions
from services.tuning.budget import Budget, default_clients
from services.tuning.choice import Entry, Preference
from services.tuning.command import grid_of, parse_arguments
from services.tuning.machine import Machine
from services.tuning.photos import read_photos
from services.tuning.race import Race, planned_visits
from services.tuning.report import Report, Subject
from services.tuning.setting import Grid, Setting
from services.tuning.trial import Figures, Trial, Workload
from settings import DELIMITER, PREFIX, Settings, load_settings

GROUPS = {
    "provider": "models",
    "slots": "models",
    "intra_op_threads": "models",
    "exclusive_threads": "models",
    "detector_max_batch": "batching",
    "embedder_max_batch": "batching",
}
"""Where the settings tree keeps what a `Setting` says."""

BUSY = 0.2
"""Of the cores; more, used by others, is worth a word."""

INSTALL = {
    "cpu": "run `make setup`, which installs onnxruntime",
    "cuda": "`pip uninstall onnxruntime`, `pip install onnxruntime-gpu`, and the CUDA and cuDNN libraries "
    "that its release names",
    "tensorrt": "the same as for cuda (onnxruntime-gpu, CUDA, cuDNN), and NVIDIA's TensorRT libraries on "
    "LD_LIBRARY_PATH",
}


def main(argv: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(argv)
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        tuning = Tuning.prepare(arguments, load_settings(), console)
        asyncio.run(tuning.run())
    except ArmoireError as error:
        console.print(error.message, style="red", markup=False)
        return 2 if isinstance(error, InvalidInput) else 1
    except KeyboardInterrupt:
        console.print("stopped; nothing was written", style="red")
        return 130
    return 0


@dataclass(frozen=True, slots=True, eq=False)
class Tuning:
    """What a run needs, checked; made by `prepare`."""

    settings: Settings
    providers: Sequence[Provider]
    trial: Trial
    grid: Grid
    minutes: float
    rounds: int
    preference: Preference
    photos: str
    out: Path
    console: Console

    @classmethod
    def prepare(cls, arguments: argparse.Namespace, settings: Settings, console: Console) -> Tuning:
        """Raises InvalidInput, or SystemExit for a model, naming what cannot be used."""
        settings = with_models(settings, arguments.detector, arguments.embedder)
        providers = list(dict.fromkeys(arguments.provider or [settings.models.provider]))
        if settings.models.provider not in providers:
            settings = replaced(settings, models={"provider": providers[0]})
        photos = read_photos(arguments.photos, decode_limits(settings))
        clients = arguments.clients or default_clients(providers, cpu_count())
        return cls(
            settings,
            providers,
            Trial(
                lambda setting: options_of(settings, setting),
                Taxonomy.load(settings.taxonomy),
                Workload(arguments.call, photos, clients),
            ),
            grid_of(arguments),
            arguments.minutes,
            arguments.rounds,
            arguments.prefer,
            f"{len(photos)} photos of {arguments.photos.name}",
            writable(arguments.out or settings.home / "tune"),
            console,
        )

    async def run(self) -> None:
        """Measure, choose, write."""
        started = time.monotonic()
        machine = Machine.look()
        self._say_what(machine)
        present = setting_of(self.settings)
        shapes = self._shapes(present, machine.cores)
        budget = self._budget(await self._first_visits(present), present, shapes)
        race = await self._race(present, shapes, budget)
        chosen = race.standings.choose(present)
        lines = list(settings_lines(chosen, self.settings))
        self._write(Report(self._subject(machine, lines, time.monotonic() - started), race, chosen))

    def _say_what(self, machine: Machine) -> None:
        workload = self.trial.workload
        self._say(
            f"{machine.cpu}, {machine.cores} cores; {', '.join(self.providers)}; {workload.rpc} of "
            f"{self.photos}, one client and then {workload.clients}"
        )
        if machine.busy_cores >= BUSY * machine.cores:
            self._say(f"other programs use {machine.busy_cores:g} cores: the figures are of what is left")

    def _say(self, line: str) -> None:
        self.console.print(line, markup=False)

    def _bases(self) -> list[Setting]:
        """The present setting on each provider."""
        return [setting_of(replaced(self.settings, models={"provider": each})) for each in self.providers]

    def _shapes(self, present: Setting, cores: int) -> list[Setting]:
        found = [each for base in self._bases() for each in (base, *self.grid.shapes(base, cores))]
        return [shape for shape in dict.fromkeys(found) if shape != present]

    def _batches(self, best: Entry) -> list[Setting]:
        most = int(best.most("detector_most")), int(best.most("image_most"))
        return self.grid.batches(best.setting, self.trial.workload.rpc, most)

    async def _first_visits(self, present: Setting) -> Figures:
        """Says whether each provider works here, then how long a visit takes."""
        for base in self._bases():
            self._say(f"loading the models on {base.provider} ...")
            try:
                await self.trial.visit(base, 0.0, verify=self.settings.models.verify_golden)
            except FailedPrecondition as error:
                raise FailedPrecondition(
                    f"{error.message}. To have {base.provider}: {INSTALL[base.provider]}", reason=error.reason
                ) from error
        return await self.trial.visit(present, 0.0)

    def _budget(self, typical: Figures, present: Setting, shapes: Sequence[Setting]) -> Budget:
        batches = self.grid.batches(present, self.trial.workload.rpc)
        if not shapes and not batches:
            raise InvalidInput("--slots", "and the other lists leave nothing to choose from")
        visits = planned_visits(len(shapes), len(batches), self.rounds)
        budget = Budget.of(self.minutes, visits, self.trial.workload.clients, typical)
        self._say(
            f"{len(shapes) + 1} ways to share the device out, then {len(batches)} other batch sizes: "
            f"{visits} visits of {budget.total_s / visits:.1f} s, about {budget.total_s / 60:.1f} minutes"
        )
        return budget

    async def _race(self, present: Setting, shapes: Sequence[Setting], budget: Budget) -> Race:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self.console, refresh_per_second=1) as progress:
            bar = progress.add_task("", total=budget.visits)

            async def visit(setting: Setting) -> Figures:
                progress.update(bar, description=str(setting))
                try:
                    return await self.trial.visit(setting, budget.visit_s)
                finally:
                    progress.advance(bar)

            race = Race(present, visit, self.preference)
            await race.run(shapes, self._batches, self.rounds, budget.visits)
            progress.update(bar, description="done", total=race.visits)
        return race

    def _subject(self, machine: Machine, lines: Sequence[str], took_s: float) -> Subject:
        models = self.settings.models
        return Subject(
            machine,
            {"detector": version_of(models.detector), "embedder": version_of(models.embedder)},
            self.trial.workload.rpc,
            self.trial.workload.clients,
            self.photos,
            self.preference,
            shlex.join(["python", "-m", "services.tuning", *sys.argv[1:]]),
            f"{datetime.now(UTC):%Y-%m-%d}",
            took_s,
            lines,
        )

    def _write(self, report: Report) -> None:
        environment = self.out / "settings.env"
        environment.write_text(report.environment(), encoding="utf-8")
        (self.out / "report.md").write_text(report.markdown(), encoding="utf-8")
        (self.out / "report.json").write_text(report.json(), encoding="utf-8")
        self._say(report.why())
        if names := quoted(report.subject.settings_lines):
            self._say(
                f"{' and '.join(names)} had to be quoted: right for a shell and for systemd, but docker "
                "--env-file takes the quotes as a part of the path"
            )
        self._say(f"{environment}, report.md and report.json are written. To serve so:")
        self._say(f"  set -a; . {shlex.quote(str(environment))}; set +a; make serve")


def with_models(settings: Settings, detector: str | None, embedder: str | None) -> Settings:
    """Raises SystemExit where one of them is no model."""
    given = {"detector": detector, "embedder": embedder}
    settings = replaced(settings, models={name: value for name, value in given.items() if value})
    for reference in (settings.models.detector, settings.models.embedder):
        resolve_artifact(reference)
    return settings


def writable(folder: Path) -> Path:
    """Makes the folder. Raises InvalidInput where that, or writing to it, is not allowed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput("--out", f"{folder} cannot be made: {error.strerror}") from error
    if not os.access(folder, os.W_OK):
        raise InvalidInput("--out", f"{folder} cannot be written to")
    return folder


def replaced(settings: Settings, **groups: dict[str, object]) -> Settings:
    """With other values, known to be in range, in groups of the tree."""
    changed = {name: getattr(settings, name).model_copy(update=values) for name, values in groups.items()}
    return settings.model_copy(update=changed)


def options_of(settings: Settings, setting: Setting) -> InferenceOptions:
    """What the server would load, were it set so."""
    values: dict[str, dict[str, object]] = {"models": {}, "batching": {}}
    for name, value in asdict(setting).items():
        values[GROUPS[name]][name] = value
    return inference_options(replaced(settings, **values))


def setting_of(settings: Settings) -> Setting:
    """What the server does; what the settings leave open is filled in as `Inference.load` does."""
    models, batching = settings.models, settings.batching
    return Setting(
        models.provider,
        models.slots or (cpu_count() if models.provider == "cpu" else 2),
        models.intra_op_threads,
        models.exclusive_threads or cpu_count(),
        batching.detector_max_batch,
        batching.embedder_max_batch,
    ).canonical


def settings_lines(chosen: Setting, settings: Settings) -> Iterator[str]:
    """NAME=value of what differs from the defaults, or from what is set now."""
    defaults = Settings.model_construct()
    for name in ("detector", "embedder"):
        if (reference := getattr(settings.models, name)) != getattr(defaults.models, name):
            yield _line("models", name, in_full(reference))
    left_open = setting_of(replaced(defaults, models={"provider": chosen.provider}))
    plain = asdict(left_open) | {"provider": defaults.models.provider}
    present = asdict(setting_of(settings))
    for name, value in asdict(chosen).items():
        if not value == plain[name] == present[name]:
            yield _line(GROUPS[name], name, str(value))


def _line(group: str, name: str, value: str) -> str:
    return f"{PREFIX}{group}{DELIMITER}{name}".upper() + f"={shlex.quote(value)}"


def quoted(lines: Sequence[str]) -> list[str]:
    """Names of the variables whose values a shell would not take as they are."""
    pairs = [line.split("=", 1) for line in lines]
    return [name for name, value in pairs if shlex.split(value) != [value]]


def in_full(reference: str) -> str:
    """A folder's whole path, right wherever the server is started; a tag as it is."""
    folder = Path(reference)
    return str(folder.resolve()) if (folder / "manifest.json").is_file() else reference


def version_of(reference: str) -> str:
    version = Artifact.load(resolve_artifact(reference)).version
    return f"{version.model_version}, preprocessing {version.preprocess_version}"
