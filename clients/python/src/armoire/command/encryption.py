"""TLS as the options of a command ask for it."""

from __future__ import annotations

import argparse
from pathlib import Path

from armoire.channel import Tls
from armoire.command.console import UsageError


def tls_of(arguments: argparse.Namespace) -> Tls | None:
    """What channels are opened with; None without TLS.

    Raises:
        UsageError: the options do not go together, or a file cannot be read.
    """
    own = arguments.certificate_file, arguments.key_file
    if any(own) and not (all(own) and arguments.ca_file):
        raise UsageError("--certificate-file and --key-file go together, with --ca-file")
    if not arguments.ca_file:
        return None
    roots = None if arguments.ca_file == "system" else _read("--ca-file", arguments.ca_file)
    if not all(own):
        return Tls(roots)
    return Tls(roots, _read("--key-file", own[1]), _read("--certificate-file", own[0]))


def _read(option: str, path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"{option}: {error.strerror}: {path}") from error
