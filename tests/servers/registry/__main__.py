"""Runs of recipes, and a server that follows an alias, on an MLflow server with its files in an S3 server.

training   recipes that end, fail and are interrupted are kept so; what one made is exported by its alias
following  an alias moves while a server is called: it switches, refuses what is damaged, has a history
pipeline   `dvc repro` and `push` on a clean clone of what is committed, `pull` on another
"""

from __future__ import annotations

import argparse
import os
import signal
import sys

from tests.servers.registry.following import check_following
from tests.servers.registry.pipeline import check_pipeline
from tests.servers.registry.site import DVC, missing, registry_site
from tests.servers.registry.training import check_training

CHECKS = {"training": check_training, "following": check_following, "pipeline": check_pipeline}


def main() -> int:
    """1 where a check failed, 2 where a server is not installed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # unwinds the stack, which ends the servers
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="of: " + ", ".join(CHECKS) + " (all)")
    names = parser.parse_args().names or CHECKS
    os.environ |= {"MLFLOW_LOGGING_LEVEL": "WARNING", "AWS_EC2_METADATA_DISABLED": "true"}
    if lacking := missing(*([DVC] if "pipeline" in names else [])):
        sys.stderr.write(f"{lacking}\n")
        return 2
    with registry_site() as site:
        for name in names:
            print(name, flush=True)
            CHECKS[name](site)
    return 0


if __name__ == "__main__":
    sys.exit(main())
