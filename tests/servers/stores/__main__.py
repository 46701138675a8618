"""Run a command with the addresses of a PostgreSQL, a Milvus and an S3 server that run as long as it does.

python -m tests.servers.stores COMMAND ...
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from tests.servers.stores.site import StoresMissing, store_site


def main(command: list[str]) -> int:
    """The command's exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # unwinds the stack, which ends the servers
    try:
        with store_site() as site:
            named = {
                "TEST_POSTGRES_URL": site.database_url,
                "TEST_MILVUS_URI": site.milvus_uri,
                "TEST_BLOB_URL": site.blob_url,
            }
            environment = {**os.environ, **named, **site.s3_environment}
            return subprocess.run(command, env=environment, check=False).returncode
    except StoresMissing as error:
        environment = {**os.environ, "TEST_STORES_MISSING": str(error)}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
