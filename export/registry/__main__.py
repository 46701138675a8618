"""`python -m export.registry`: models under names, and which of their versions is in production."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from armoire import Client
from armoire.channel import Tls
from domain.errors import ArmoireError, InvalidInput
from export.registry.artifact_facts import facts_of
from export.registry.follower import LIVE_TAG, REFUSED_TAG, Follower, State
from export.registry.reference import RegistryReference
from export.registry.registry import URI_VARIABLE, ModelRegistry, RegisteredVersion
from settings import load_settings

DESCRIPTION = "Keep models under names in MLflow's registry, and let servers follow its aliases."
EPILOG = """\
An exported artifact, or the checkpoint of a training run, becomes a version of a name; aliases such as
candidate and production point to versions and move:

  python -m export.registry track RUNS/classifier
  python -m export.registry register .armoire/garments --name garments --alias candidate
  python -m export.registry alias mlflow:garments@candidate production
  python -m export.registry list
  python -m export.registry follow mlflow:garments@production --server localhost:50051 --folder MODELS

`follow` runs beside a server whose ARMOIRE_MODELS__FOLDER is MODELS: when the alias moves, it downloads that
version, and the server loads it, checks it and switches to it without dropping a call. An embedder answers
embed calls at once; the catalogue changes over by `armoire backfill` (docs/versions.md).

python -m export takes a registered checkpoint by its reference: python -m export fcos mlflow:NAME@ALIAS ...
The registry is in the home folder, or at MLFLOW_TRACKING_URI or --registry, such as http://mlflow:5000.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns 1 if a server refused a model, 2 if the input is invalid."""
    options = parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except (ArmoireError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    except KeyboardInterrupt:
        return 0
    return code


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(
        prog="python -m export.registry",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = root.add_subparsers(required=True, metavar="COMMAND")
    for add in (_add_register, _add_track, _add_alias, _add_list, _add_fetch, _add_follow):
        command = add(commands)
        command.add_argument(
            "--registry",
            metavar="URI",
            default=os.environ.get(URI_VARIABLE, ""),
            help="MLflow's, such as http://mlflow:5000 (MLFLOW_TRACKING_URI; else files in the home folder)",
        )
    return root


def _add_register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    command = commands.add_parser("register", help="keep an artifact or a checkpoint as the next version")
    command.add_argument("path", type=Path, metavar="ARTIFACT_OR_CHECKPOINT")
    command.add_argument("--name", required=True)
    command.add_argument("--run-id", default="", metavar="ID", help="MLflow run that it came from")
    command.add_argument("--alias", action="append", default=[], help="let this alias point to it, too")
    command.set_defaults(run=_register)
    return command


def _add_track(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    command = commands.add_parser("track", help="keep a recipe's run: params, figures, curves, data hashes")
    command.add_argument(
        "path", type=Path, metavar="RUN", help="--out of a recipe, during its run or after it"
    )
    command.set_defaults(run=_track)
    return command


def _add_alias(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    command = commands.add_parser("alias", help="let an alias point to a version")
    command.add_argument("reference", metavar="mlflow:NAME@ALIAS|mlflow:NAME/VERSION")
    command.add_argument("alias")
    command.set_defaults(run=_alias)
    return command


def _add_list(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    command = commands.add_parser("list", help="versions, their aliases, and when servers took them")
    command.add_argument("name", nargs="?", default="")
    command.add_argument("--json", action="store_true", help="one object a line")
    command.set_defaults(run=_list)
    return command


def _add_fetch(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    command = commands.add_parser("fetch", help="download a version")
    command.add_argument("reference", metavar="mlflow:NAME@ALIAS|mlflow:NAME/VERSION")
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="must not exist")
    command.set_defaults(run=_fetch)
    return command


def _add_follow(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    command = commands.add_parser("follow", help="let a server serve what aliases point to, as they move")
    command.add_argument("references", nargs="+", metavar="mlflow:NAME@ALIAS")
    command.add_argument("--server", default="localhost:50051", metavar="HOST:PORT", help="(%(default)s)")
    command.add_argument("--folder", type=Path, required=True, help="the server's ARMOIRE_MODELS__FOLDER")
    command.add_argument("--every", type=float, default=15.0, metavar="S", help="seconds (%(default)s)")
    command.add_argument("--once", action="store_true", help="look once and end; 1 if it was not followed")
    command.add_argument("--ca-file", type=Path, metavar="PEM", help="whose certificates the server's is of")
    command.set_defaults(run=_follow)
    return command


def _opened(options: argparse.Namespace) -> ModelRegistry:
    return ModelRegistry.at(options.registry, load_settings().home)


def _register(options: argparse.Namespace) -> int:
    if not options.path.exists():
        raise InvalidInput("path", f"there is no {options.path}")
    facts, registry = facts_of(options.path), _opened(options)
    version = registry.register(options.path, options.name, facts, options.run_id)
    for alias in options.alias:
        registry.set_alias(version, alias)
    _say(f"{version}")
    return 0


def _track(options: argparse.Namespace) -> int:
    _say(_opened(options).track(options.path))
    return 0


def _alias(options: argparse.Namespace) -> int:
    registry = _opened(options)
    version = registry.resolve(RegistryReference.parse(options.reference))
    registry.set_alias(version, options.alias)
    _say(f"mlflow:{version.name}@{options.alias} is {version}")
    return 0


def _list(options: argparse.Namespace) -> int:
    versions = _opened(options).list(options.name)
    for version in versions:
        _say(json.dumps(asdict(version)) if options.json else _line(version))
    if not versions:
        sys.stderr.write("the registry has no such model; `register` adds one\n")
    return 0


def _line(version: RegisteredVersion) -> str:
    made = datetime.fromtimestamp(version.create_ms / 1000, UTC).isoformat(timespec="seconds")
    told = [version.tags.get("task") or version.tags.get("kind", ""), *version.aliases]
    told += [
        f"{tag.removeprefix('armoire.').replace('_', ' ')} {version.tags[tag]}"
        for tag in (LIVE_TAG, REFUSED_TAG)
        if tag in version.tags
    ]
    return f"{version!s:40} {made}  {', '.join(filter(None, told))}"


def _fetch(options: argparse.Namespace) -> int:
    if options.out.exists():
        raise InvalidInput("out", f"{options.out} exists already")
    registry = _opened(options)
    _say(f"{registry.download(registry.resolve(RegistryReference.parse(options.reference)), options.out)}")
    return 0


def _follow(options: argparse.Namespace) -> int:
    if not options.every > 0:
        raise InvalidInput("every", f"must be above 0 seconds, not {options.every:g}")
    if not options.folder.is_dir():
        raise InvalidInput("folder", f"must be the folder of the server's models: {options.folder}")
    references = [_followed(text) for text in options.references]
    credentials = None if options.ca_file is None else Tls(options.ca_file.read_bytes()).credentials()
    with Client(options.server, credentials=credentials) as client:
        follower = Follower(_opened(options), client, options.folder)
        while True:
            outcomes = [follower.look(reference) for reference in references]
            for outcome in outcomes:
                if outcome.state is not State.UNCHANGED:
                    _say(f"{datetime.now(UTC).isoformat(timespec='seconds')} {outcome}")
            if options.once:
                return int(any(each.state in (State.REFUSED, State.UNREACHABLE) for each in outcomes))
            time.sleep(options.every)


def _followed(text: str) -> RegistryReference:
    reference = RegistryReference.parse(text, "references")
    if not reference.alias:
        raise InvalidInput("references", f"{reference} is a version, which never moves; follow an alias")
    return reference


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
