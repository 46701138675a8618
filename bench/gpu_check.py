"""`python -m bench.gpu_check`: everything that wants a GPU is measured, in one run, into one report.

For each provider, pair of models and precision: the raw loop over threads and batches; photos served from
JPEG by one process, by edges before a device process, and by a server that asks another one; and rows of
pixels for the graphs in the same places. Each table says how busy the GPU and the cores were, and so what
bounds it. `make gpu-check` installs what it needs, runs the tests that need a GPU, and then this.

python -m bench.gpu_check --provider cuda tensorrt --pair garments-detector garments-embedder --out report
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from bench.model_pair import DEMO_DETECTOR, DEMO_EMBEDDER, ROOT
from bench.report import log, machine
from export.errors import GateFailure
from export.gate_pictures import read_gate_pictures
from export.precision.conversion import convert
from export.precision.labelled_photos import EvaluationData
from models.artifact import Artifact
from models.providers import PROVIDER_NAMES, gpu_facts
from models.tolerance import Precision

PRECISIONS = ("fp32", "fp16")
CLIENTS = (1, 8, 64, 256)


@dataclass(frozen=True, slots=True)
class Pair:
    """The folders of a detector and an embedder."""

    detector: Path
    embedder: Path

    @property
    def name(self) -> str:
        return f"{self.detector.name} and {self.embedder.name}"

    def in_precision(self, precision: Precision, folder: Path) -> Pair:
        """The pair as it is in fp32, or converted into `folder`.

        Raises:
            GateFailure: the lower precision answers too differently.
        """
        if precision == "fp32":
            return self
        data = EvaluationData(read_gate_pictures(ROOT / "samples"))
        made = []
        for source in (self.detector, self.embedder):
            target = folder / f"{source.name}-{precision}"
            target.mkdir(parents=True)
            convert(Artifact.load(source), precision, target, data, log)
            made.append(target)
        return Pair(*made)


@dataclass(frozen=True, slots=True)
class Step:
    """A command of `python -m bench`, under a title of the report."""

    title: str
    command: Sequence[str]


def steps(arguments: argparse.Namespace, provider: str, pair: Pair) -> Iterator[Step]:
    """What is measured of one pair on one provider."""
    shared = ["--provider", provider, "--detector", str(pair.detector), "--embedder", str(pair.embedder)]
    shared += ["--photos", str(arguments.photos)]
    shared += ["--seconds", str(arguments.seconds), "--rounds", str(arguments.rounds)]
    clients = ["--clients", *map(str, arguments.clients)]
    yield Step("The raw loop", ["raw", *shared])
    edges = ["--edges", *map(str, arguments.edges)]
    yield Step("Served from JPEG", ["serve", *shared, *clients, *edges, "--remote"])
    yield Step("Served from pixels", ["remote", *shared, *clients])


def measured(step: Step, json: Path) -> tuple[bool, str]:
    """Whether a step succeeded, and its section of the report. What it writes to stderr is seen at once."""
    log(f"{step.title}: {' '.join(step.command)}")
    begun_s = time.monotonic()
    command = [sys.executable, "-m", "bench", *step.command, "--json", str(json)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    failed = f"**It ended with status {done.returncode}.**\n\n" if done.returncode else ""
    took = f"{time.monotonic() - begun_s:.0f} s, {json.name}"
    return not done.returncode, f"### {step.title}\n\n{failed}{done.stdout}\n{took}\n"


def sections(arguments: argparse.Namespace) -> Iterator[tuple[bool, str]]:
    """All parts of the report, each as it is done, and whether it succeeded."""
    yield True, f"# On a GPU\n\n{'; '.join(gpu_facts()) or 'No GPU.'}  \n{machine()}\n"
    for number, pair in enumerate(arguments.pairs):
        for precision in arguments.precision:
            folder = arguments.out / f"models-{number}"
            try:
                ready = pair.in_precision(cast(Precision, precision), folder)
            except GateFailure as failure:
                yield False, f"## {pair.name}, {precision}\n\nNot measured: {failure}\n"
                continue
            for provider in arguments.provider:
                yield True, f"## {pair.name}, {precision}, {provider}\n"
                for step in steps(arguments, provider, ready):
                    name = f"{number}-{precision}-{provider}-{step.command[0]}.json"
                    yield measured(step, arguments.out / name)


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Raises SystemExit for --help and unknown options."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.gpu_check",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    folder = Path(os.environ.get("ARMOIRE_HOME", ".armoire")) / "gpu-check"
    parser.add_argument(
        "--provider", nargs="+", choices=PROVIDER_NAMES, default=["cuda"], help="(%(default)s)"
    )
    parser.add_argument("--precision", nargs="+", choices=PRECISIONS, default=PRECISIONS, help="(both)")
    parser.add_argument(
        "--pair",
        nargs=2,
        type=Path,
        action="append",
        default=[],
        metavar=("DETECTOR", "EMBEDDER"),
        help="fp32 artifacts to measure beside the demo pair; may be given several times",
    )
    parser.add_argument("--photos", type=Path, default=ROOT / "samples", help="folder of JPEGs (%(default)s)")
    parser.add_argument("--clients", type=int, nargs="+", default=CLIENTS, help="(%(default)s)")
    parser.add_argument("--edges", type=int, nargs="+", default=[2, 4, 8], help="(%(default)s)")
    parser.add_argument("--seconds", type=float, default=4.0, help="length of every run (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="(%(default)s)")
    parser.add_argument("--out", type=Path, default=folder, help="folder of the report (%(default)s)")
    arguments = parser.parse_args(argv)
    arguments.pairs = [Pair(DEMO_DETECTOR, DEMO_EMBEDDER), *(Pair(*each) for each in arguments.pair)]
    return arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Write report.md as it goes, so that a run that is cut off leaves what it has; 1 if a part failed."""
    arguments = parse_arguments(argv)
    arguments.out.mkdir(parents=True, exist_ok=True)
    good = True
    with (arguments.out / "report.md").open("w", encoding="utf-8") as report:
        for done, text in sections(arguments):
            good &= done
            print(text, file=report, flush=True)
    log(f"the report is {arguments.out / 'report.md'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
