"""Runs images in containers: `make test-images`, which builds them and starts a Docker engine of its own.

Each check prints what it has found; the first that does not hold ends the run with its reason.
"""

from __future__ import annotations

import sys
from pathlib import Path

from demo.server import ROOT
from tests.servers.images import gpu, serving, training
from tests.servers.images.sizes import check_sizes

CHECKS = {
    "inference": serving.check_inference,
    "cpu": serving.check_cpu,
    "all-in-one": serving.check_all_in_one,
    "bento": serving.check_bento,
    "cuda": gpu.check_cuda,
    "tensorrt": gpu.check_tensorrt,
    "training": training.check_training,
}
UNSIZED = ("bento", "tensorrt")
"""One has a base of its own; stand-ins are smaller than what they stand in for."""


def main(targets: list[str]) -> None:
    """Check the images of these targets."""
    for target in targets:
        print(target, flush=True)
        if target not in UNSIZED:
            check_sizes(target)
        CHECKS[target]()


if __name__ == "__main__":
    assert Path.cwd() == ROOT, f"run it in {ROOT}"
    main(sys.argv[1:] or list(CHECKS))
