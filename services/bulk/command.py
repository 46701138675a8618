"""The command line of the bulk work."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from services.bulk.shard import BulkWork

DESCRIPTION = """\
Work on very many photos with the server's own pipeline, without a server: in this process, or with --ray on
the nodes of a Ray cluster. What was interrupted goes on with the same command.
"""

EPILOG = """\
examples:
  python -m services.bulk embed photos --out embeddings                        this machine
  python -m services.bulk embed s3://photos/2026 --out s3://photos/embedded --ray head:6379
  python -m services.bulk backfill --embedder my-embedder --ray auto           after `armoire backfill start`

The settings are the server's, from the environment (ARMOIRE_MODELS__PROVIDER=cuda and so on); on a Ray
cluster, from that of `ray start` on each node.
"""


def parse_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the arguments. Raises SystemExit for a value out of range, and for --help."""
    parser = argparse.ArgumentParser(
        prog="python -m services.bulk",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    embed = commands.add_parser("embed", help="write the garments of photos, with embeddings, as Parquet")
    embed.add_argument("photos", help="a folder, or a URL of S3")
    embed.add_argument("--out", required=True, help="a folder, or a URL of S3, for the parts")
    embed.add_argument("--embedder", default="", help="folder, name or tag (default: that of the settings)")
    embed.set_defaults(work=_embedding)
    fill = commands.add_parser("backfill", help="help a back-fill that `armoire backfill start` has begun")
    fill.add_argument("--embedder", required=True, help="folder, name or tag of the collection's embedder")
    fill.set_defaults(work=_backfill)
    for command in (embed, fill):
        _add_effort(command)
    return parser.parse_args(argv)


def _add_effort(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--shard", type=_positive, default=256, help="photos of a shard (%(default)s)")
    parser.add_argument("--in-flight", type=_positive, default=16, help="photos at a time, of each process")
    parser.add_argument("--ray", default="", metavar="ADDRESS", help='head of a cluster, "auto" or "local"')
    parser.add_argument("--actors", type=_positive, default=0, help="processes (default: one on each node)")
    parser.add_argument("--gpus", type=float, default=0.0, help="GPUs of each process (%(default)s)")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _embedding(arguments: argparse.Namespace) -> BulkWork:
    from services.bulk.embedding import EmbeddingWork

    return EmbeddingWork(arguments.photos, arguments.out, arguments.embedder, arguments.in_flight)


def _backfill(arguments: argparse.Namespace) -> BulkWork:
    from services.bulk.backfill import BackfillWork

    return BackfillWork(arguments.embedder, arguments.in_flight)
