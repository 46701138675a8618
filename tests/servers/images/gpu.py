"""Images for GPUs, as far as a machine without one can tell: what libraries need, and how a start fails."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import PurePath

from demo.server import ROOT
from tests.servers.images.container import CONFINED, docker, say

OF_DRIVER = frozenset({"libcuda.so.1"})
"""What NVIDIA's container toolkit mounts."""
OF_CUDA = ("libcu", "libnv", "libonnxruntime")
SCRIPT = ROOT / "tests/servers/images/unresolved.py"
VERSION = "from models import providers; print(providers._tensorrt_version())"


def check_cuda() -> None:
    check_libraries("armoire:cuda")
    check_start("armoire:cuda", "cuda")


def check_tensorrt() -> None:
    """With libraries of docker/stand-ins/tensorrt, which have TensorRT's names and do nothing."""
    image = "armoire:tensorrt-stand-in"
    check_libraries(image)
    version = docker("run", "--rm", *CONFINED, "--entrypoint", "python", image, "-c", VERSION)
    version = version.splitlines()[-1]
    assert version == "101501", version
    say(f"the version in the names of engines is read from the library: {version}")
    check_start(image, "tensorrt")


def check_libraries(image: str) -> None:
    """All but the driver's are found, and CUDA is there once."""
    run = ("run", "--rm", "--interactive", "--network", "none", "--entrypoint", "python", image, "-")
    found = json.loads(docker(*run, stdin=SCRIPT.read_text()))
    assert found["missing"].keys() <= OF_DRIVER, found["missing"]
    copies = defaultdict[str, list[str]](list)
    for path in found["libraries"]:
        if PurePath(path).name.startswith(OF_CUDA):
            copies[PurePath(path).name.partition(".so")[0]].append(path)
    doubled = {name: paths for name, paths in copies.items() if len(paths) > 1}
    assert not doubled, doubled
    count, needing = len(found["libraries"]), len(found["missing"].get("libcuda.so.1", []))
    say(f"ldd of {count} libraries: only libcuda.so.1 is not found, which {needing} need")
    largest = sorted(((found["libraries"][path], path) for (path,) in copies.values()), reverse=True)
    size_mb = sum(size for size, _ in largest) / 1e6
    say(f"one copy of CUDA and cuDNN: {len(copies)} libraries, {size_mb:.0f} MB, of them")
    for size, path in largest[:6]:
        say(f"  {size / 1e6:6.0f} MB {path}")


def check_start(image: str, provider: str) -> None:
    """Without a GPU the container ends with status 1 and a line, and does not run on the CPU."""
    logged = docker("run", "--rm", *CONFINED, "--tmpfs", "/data:mode=1777", image, status=1)
    (line,) = [line for line in logged.splitlines() if "cannot start: " in line]
    assert f"execution provider '{provider}' did not load" in line, logged
    assert "Traceback" not in logged, logged
    say(line[line.index("cannot start") :])
