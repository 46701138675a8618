"""The image of training: pictures are drawn, a classifier is trained on them, exported and checked."""

from __future__ import annotations

import time

from tests.servers.images.container import USER, docker, say, volume

CONFINED = ("--read-only", "--user", USER, "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
PARAMS = """
classifier:
  preset: cpu
  epochs: 1
  data: {path: /data/pictures, validation_split: validation, test_split: test}
  network: {backbone: efficientnet_lite0, pretrained: artifacts/demo-embedder, input_px: 96}
"""
COMMANDS = (
    "training draw --out /data/pictures --per-label 12 --side-px 96",
    "training classifier --config /data/params.yaml --out /data/run",
    "export classifier local-dir:/data/run/model --name drawn --license Apache-2.0 --source drawn --out"
    " /data/artifact",
    "export verify /data/artifact",
    "export.registry register /data/artifact --name drawn --alias candidate",
    "export.registry list",
)
TORCH = "import torch; print(torch.__version__, torch.version.cuda)"


def check_training() -> None:
    """Each command in a container of its own, without a network, on the same volume."""
    image = "armoire:training"
    with volume() as data:
        run = ["run", "--rm", "--network", "none", *CONFINED, "--tmpfs", "/tmp:size=512m"]
        run += ["--volume", f"{data}:/data", "--env", "ARMOIRE_HOME=/data/armoire"]
        torch = docker(*run, "--entrypoint", "python", image, "-c", TORCH)
        say(f"torch {torch.split()[0]}, CUDA {torch.split()[1]}")
        write = ("--interactive", "--entrypoint", "tee", image, "/data/params.yaml")
        docker(*run, *write, stdin=PARAMS)
        for command in COMMANDS:
            begun = time.monotonic()
            said = docker(*run, image, *command.split())
            took_s = time.monotonic() - begun
            say(f"{took_s:5.1f} s  {command.partition(' --')[0]}: {said.splitlines()[-1][:100]}")
