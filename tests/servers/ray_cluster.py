"""Embeds photos on two nodes of a Ray cluster, one of which ends meanwhile: `make test-ray`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq

from demo.server import ROOT

# As on other systems, where Ray binds to loopback alone; it reads this when it is imported.
os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
NODE = {"num_cpus": 2, "object_store_memory": 80 * 2**20}
PHOTOS = ROOT / "samples"


def embed(out: Path, address: str) -> subprocess.Popen[str]:
    """The command, which works on a photo after the other so that there is much to share."""
    command = ["embed", str(PHOTOS), "--out", str(out), "--shard", "1", "--ray", address]
    environment = {**os.environ, "ARMOIRE_HOME": str(out.parent / "home")}
    return subprocess.Popen(
        [sys.executable, "-m", "services.bulk", *command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def photos_of(out: Path) -> list[str]:
    """The photo of each part."""
    return [pq.read_table(part)["photo"][0].as_py() for part in sorted(out.glob("*.parquet"))]


def main() -> None:
    from ray.cluster_utils import Cluster

    names = {photo.name for photo in PHOTOS.glob("*.jpg")}
    begun_s = time.monotonic()
    cluster = Cluster(initialize_head=True, head_node_args={**NODE, "include_dashboard": False})
    second = cluster.add_node(**NODE)
    print(f"two nodes after {time.monotonic() - begun_s:.1f} s", flush=True)
    try:
        with tempfile.TemporaryDirectory(prefix="armoire-ray-") as folder:
            out, begun_s = Path(folder) / "out", time.monotonic()
            with embed(out, cluster.address) as run:
                while run.poll() is None and not any(out.glob("*.parquet")):
                    time.sleep(0.05)
                there = len(photos_of(out))
                cluster.remove_node(second, allow_graceful=False)
                told, _ = run.communicate()
            assert run.returncode == 0, told
            assert sorted(photos_of(out)) == sorted(names), "a photo is missing, or there twice"
            took_s = time.monotonic() - begun_s
            print(f"a node ended after {there} parts; all {len(names)} photos once, {took_s:.1f} s")
            with embed(out, cluster.address) as run:
                told, _ = run.communicate()
            assert "0 photos done" in told, told
            print("a second run finds nothing to do")
    finally:
        cluster.shutdown()


if __name__ == "__main__":
    main()
