"""Compiles our code and imports what a server imports: an image has the bytecode of that and nothing else.

Further packages of ours are arguments. A module whose libraries belong to another image is left out; any
other failure fails the build.
"""

from __future__ import annotations

import compileall
import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

BENTOML = ("_bentoml_impl.server.serving", "_bentoml_impl.worker.service", "bentoml_cli.serve", "uvloop")
OURS = ("domain", "imaging", "models", "services", "armoire")
OPTIONAL = {
    "extruct",
    "httpcore",
    "lxml",
    "matplotlib",
    "milvus_lite",
    "opentelemetry",
    "protego",
    "pyarrow",
    "pymilvus",
}
"""Libraries that not every image has."""
LAZY = ("milvus_lite", "faiss", "pyarrow.dataset", "pyarrow.parquet", "psycopg", "obstore.store")
"""Libraries that are imported at their first use."""


def module_names() -> Iterator[str]:
    yield from BENTOML
    for name in (*OURS, *sys.argv[1:]):
        yield name
        package = importlib.import_module(name)
        yield from (found.name for found in pkgutil.walk_packages(package.__path__, f"{name}."))
    yield from LAZY


def import_all() -> None:
    absent = set()
    for name in module_names():
        if name.endswith("__main__") or ".migrations" in name:  # they act when they are imported
            continue
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            library = (error.name or "").partition(".")[0]
            if library not in OPTIONAL and name not in LAZY:
                raise
            absent.add(library)
    sys.stdout.write(
        f"{len(sys.modules)} modules; not in this image: {', '.join(sorted(absent)) or 'none'}\n"
    )


if __name__ == "__main__":
    compileall.compile_dir(Path.cwd(), quiet=1)
    import_all()
