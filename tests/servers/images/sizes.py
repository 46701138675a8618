"""How large an image is beside its base, layer by layer: on a disk, and with gzip as registries keep it."""

from __future__ import annotations

import json
import re
import subprocess
import tarfile
import tempfile
import zlib
from dataclasses import dataclass
from typing import IO

from demo.server import ROOT
from tests.servers.images.container import docker, say

BASE = re.findall(r"^ARG BASE=(\S+)$", (ROOT / "docker/Dockerfile").read_text(), re.MULTILINE)[0]
MOST_MB = {"cpu": 600, "cuda": 3200}
MOST_COMPRESSED_MB = {"cpu": 250}
"""In 10^6 bytes beside the base."""
SHOWN_MB = 0.05
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Layer:
    """What one instruction of a Dockerfile adds; `mb` and `compressed_mb` are in 10^6 bytes."""

    made_by: str
    mb: float
    compressed_mb: float


def check_sizes(target: str) -> None:
    """Print the layers of an image above its base; they are within its limits."""
    own = layers(f"armoire:{target}")
    mb, compressed_mb = sum(each.mb for each in own), sum(each.compressed_mb for each in own)
    for each in own:
        if each.mb >= SHOWN_MB:
            say(f"{each.mb:8.1f} MB, {each.compressed_mb:7.1f} with gzip  {each.made_by[:90]}")
    whole = int(docker("image", "inspect", "--format", "{{.Size}}", f"armoire:{target}")) / 1e6
    say(f"{mb:8.1f} MB, {compressed_mb:7.1f} with gzip  beside the base; {whole:.1f} MB with it")
    assert mb <= MOST_MB.get(target, mb), f"more than {MOST_MB[target]} MB"
    assert compressed_mb <= MOST_COMPRESSED_MB.get(target, compressed_mb), f"{MOST_COMPRESSED_MB[target]} MB"


def layers(image: str) -> list[Layer]:
    """The layers that an image has above its base, lowest first."""
    base = json.loads(docker("image", "inspect", "--format", "{{json .RootFS.Layers}}", BASE))
    with tempfile.NamedTemporaryFile(suffix=".tar") as file:
        subprocess.run(["docker", "save", "--output", file.name, image], check=True)
        with tarfile.open(file.name) as saved:
            (manifest,) = json.load(_member(saved, "manifest.json"))
            history = json.load(_member(saved, manifest["Config"]))["history"]
            made_by = [each.get("created_by", "") for each in history if not each.get("empty_layer")]
            pairs = list(zip(manifest["Layers"], made_by, strict=True))[len(base) :]
            return [_layer(saved, name, _command(by)) for name, by in pairs]


def _layer(saved: tarfile.TarFile, name: str, made_by: str) -> Layer:
    with tarfile.open(fileobj=_member(saved, name)) as layer:
        unpacked = sum(member.size for member in layer if member.isreg())
    packer, compressed = zlib.compressobj(wbits=31), 0
    content = _member(saved, name)
    while chunk := content.read(CHUNK_BYTES):
        compressed += len(packer.compress(chunk))
    return Layer(made_by, unpacked / 1e6, (compressed + len(packer.flush())) / 1e6)


def _member(saved: tarfile.TarFile, name: str) -> IO[bytes]:
    found = saved.extractfile(saved.getmember(name))
    assert found is not None, name
    return found


def _command(made_by: str) -> str:
    """An instruction without the arguments and the shell that BuildKit writes before it."""
    return re.sub(r"^RUN (?:\|\d+ (?:\S+=\S* )*)?/bin/sh -c ", "RUN ", made_by).removesuffix(" # buildkit")
