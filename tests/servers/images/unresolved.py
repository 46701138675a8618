"""Runs in a container, as `python -`: the shared libraries of its file system, and which are not found.

Prints {"libraries": {path: bytes}, "missing": {library: [paths that need it]}}, on standard output.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ELF = b"\x7fELF"
PLACES = ("/opt", "/usr/lib", "/usr/local/lib")


def libraries() -> dict[str, int]:
    found = {}
    for place in PLACES:
        for folder, _, names in os.walk(place):
            for path in (Path(folder, name) for name in names if ".so" in name):
                if path.is_file() and not path.is_symlink() and path.open("rb").read(4) == ELF:
                    found[str(path)] = path.stat().st_size
    return found


def missing_of(path: str) -> list[str]:
    told = subprocess.run(["ldd", path], capture_output=True, text=True, check=False).stdout
    return [line.split()[0] for line in told.splitlines() if line.endswith("=> not found")]


def main() -> None:
    found, missing = libraries(), dict[str, list[str]]()
    for path in found:
        for name in missing_of(path):
            missing.setdefault(name, []).append(path)
    json.dump({"libraries": found, "missing": missing}, sys.stdout)


if __name__ == "__main__":
    main()
