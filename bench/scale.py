"""`python -m bench.scale`: what a site needs at several sizes, by arithmetic from measured inputs.

Prints the tables of docs/scale.md, or with --into FILE writes them there, each between `<!-- NAME -->` and
`<!-- end -->`. Every input is an option, so that other figures can be put in:

python -m bench.scale --photos-per-core-s 3.4 --width 512 --gpu-photos-s 400
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

GB, TB = 1e9, 1e12
HOUR_S, MONTH_H = 3600.0, 730.0
SIZES = (10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the arithmetic begins with. Sizes are bytes, prices US dollars.

    Attributes:
        items_per_photo: garments found in a photo.
        photo_bytes: of an original.
        derived_bytes: of its thumbnails, and of the crops of its items.
        row_bytes: of the database for each item, with its share of photo, product and job, and all indexes,
            but without vectors.
        width: numbers of an embedding.
        index_row_bytes: of the vector index for each item beside the vector.
        photos_per_core_s: indexed by one core.
        gpu_photos_s: indexed by one GPU; a guess until one was measured.
        calls_per_edge_s: photos of 60 KB that one Python process takes in, decodes not counted.
        scan_bytes_s: of vectors that one core of a vector store compares in a second.
        search_s: how long one search may take in the vector store.
        searches_s: searches in a second.
        node_memory_bytes: of a node of the vector store that vectors may take.
        partition_rows: rows of one partition of a table.
        core_hour, gpu_hour: of a core, of a node with one GPU.
        memory_gb_hour: of a GB of memory in a node for vectors.
        object_gb_month, disk_gb_month: of a bucket, of a database's disk.
    """

    items_per_photo: float = 2.0
    photo_bytes: float = 200_000
    derived_bytes: float = 110_000
    row_bytes: float = 4_600
    width: int = 512
    index_row_bytes: float = 400
    photos_per_core_s: float = 3.4
    gpu_photos_s: float = 400.0
    calls_per_edge_s: float = 1_600.0
    scan_bytes_s: float = 10e9
    search_s: float = 0.1
    searches_s: float = 50.0
    node_memory_bytes: float = 96e9
    partition_rows: float = 50e6
    core_hour: float = 0.0504
    gpu_hour: float = 0.98
    memory_gb_hour: float = 0.0083
    object_gb_month: float = 0.023
    disk_gb_month: float = 0.115

    @property
    def vector_bytes(self) -> int:
        """Of an embedding as float32."""
        return 4 * self.width


@dataclass(frozen=True, slots=True)
class Need:
    """What one size needs; `inputs` are those that it follows from."""

    items: int
    inputs: Inputs

    @property
    def photos(self) -> float:
        return self.items / self.inputs.items_per_photo

    @property
    def bucket_bytes(self) -> float:
        """Originals, thumbnails and crops."""
        return self.photos * (self.inputs.photo_bytes + self.inputs.derived_bytes)

    @property
    def database_bytes(self) -> float:
        """All rows, and the vectors, which the database keeps, too."""
        return self.items * (self.inputs.row_bytes + self.inputs.vector_bytes)

    @property
    def partitions(self) -> int:
        """Of each of the large tables."""
        return math.ceil(self.items / self.inputs.partition_rows)

    @property
    def flat_bytes(self) -> float:
        """Memory of an exact index."""
        return self.items * (self.inputs.vector_bytes + self.inputs.index_row_bytes)

    @property
    def flat_cores(self) -> int:
        """Cores that compare all vectors within the time of a search, for the searches of a second."""
        scanned_s = self.items * self.inputs.vector_bytes / self.inputs.scan_bytes_s
        return math.ceil(max(scanned_s / self.inputs.search_s, scanned_s * self.inputs.searches_s))

    @property
    def flat_nodes(self) -> int:
        return math.ceil(self.flat_bytes / self.inputs.node_memory_bytes)

    @property
    def graph_bytes(self) -> float:
        """Memory of HNSW with M = 16: the vectors, 2 M links of 4 bytes at the lowest level, and the rest.

        Source: Malkov and Yashunin 2018, section 4.2.3.
        """
        return self.items * (self.inputs.vector_bytes + 2 * 16 * 4 * 1.1 + self.inputs.index_row_bytes)

    @property
    def quantized_bytes(self) -> float:
        """Memory of one bit for each number; the vectors are on disk, to rank the best anew (DiskANN).

        Source: Gao and Long 2024.
        """
        return self.items * (self.inputs.width / 8 + 8 + 2 * 16 * 4 * 1.1)

    def index_days(self, cores: int) -> float:
        return self.photos / (cores * self.inputs.photos_per_core_s) / HOUR_S / 24

    def gpu_days(self, gpus: int) -> float:
        return self.photos / (gpus * self.inputs.gpu_photos_s) / HOUR_S / 24

    @property
    def month_dollars(self) -> float:
        """Of keeping and searching: the bucket, the database's disk, and memory for the vectors (exact)."""
        given = self.inputs
        return (
            self.bucket_bytes / GB * given.object_gb_month
            + self.database_bytes / GB * given.disk_gb_month
            + self.flat_bytes / GB * given.memory_gb_hour * MONTH_H
        )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def size_table(inputs: Inputs) -> str:
    """What is kept, and what holds it."""
    columns: dict[str, Callable[[Need], str]] = {
        "items": lambda need: f"{need.items:,}",
        "photos": lambda need: f"{need.photos:,.0f}",
        "bucket": lambda need: in_bytes(need.bucket_bytes),
        "PostgreSQL": lambda need: in_bytes(need.database_bytes),
        "partitions of a table": lambda need: f"{need.partitions:,}",
        "Milvus, exact (FLAT)": lambda need: in_bytes(need.flat_bytes),
        "nodes for that": lambda need: f"{need.flat_nodes:,}",
        "cores that compare": lambda need: f"{need.flat_cores:,}",
        "HNSW": lambda need: in_bytes(need.graph_bytes),
        "1 bit a number": lambda need: in_bytes(need.quantized_bytes),
    }
    needs = [Need(items, inputs) for items in SIZES]
    return table(list(columns), [[show(need) for show in columns.values()] for need in needs])


def time_table(inputs: Inputs) -> str:
    """How long a catalogue takes to be indexed or back-filled."""
    head = ["items", "2 cores", "64 cores", "1,024 cores", "1 GPU", "16 GPUs"]
    needs = [Need(items, inputs) for items in SIZES]
    rows = [
        [
            f"{need.items:,}",
            *(in_time(need.index_days(cores)) for cores in (2, 64, 1024)),
            *(in_time(need.gpu_days(gpus)) for gpus in (1, 16)),
        ]
        for need in needs
    ]
    return table(head, rows)


def cost_table(inputs: Inputs) -> str:
    """What a million photos cost."""
    need = Need(int(1_000_000 * inputs.items_per_photo), inputs)
    core_hours = 1_000_000 / inputs.photos_per_core_s / HOUR_S
    gpu_hours = 1_000_000 / inputs.gpu_photos_s / HOUR_S
    gigabyte_hours = need.flat_bytes / GB * MONTH_H
    rows = [
        ["indexed on CPUs, once", f"{core_hours:,.0f} core hours", dollars(core_hours * inputs.core_hour)],
        ["indexed on GPUs, once (guess)", f"{gpu_hours:,.1f} hours", dollars(gpu_hours * inputs.gpu_hour)],
        [
            "bucket, a month",
            in_bytes(need.bucket_bytes),
            dollars(need.bucket_bytes / GB * inputs.object_gb_month),
        ],
        [
            "database's disk, a month",
            in_bytes(need.database_bytes),
            dollars(need.database_bytes / GB * inputs.disk_gb_month),
        ],
        [
            "vectors in memory, exact, a month",
            in_bytes(need.flat_bytes),
            dollars(gigabyte_hours * inputs.memory_gb_hour),
        ],
        ["kept and searched, a month", "", dollars(need.month_dollars)],
    ]
    return table(["a million photos", "takes", "dollars"], rows)


def edge_table(inputs: Inputs) -> str:
    """How many processes take calls before the devices."""
    rows = [
        [
            f"{photos_s:,}",
            f"{math.ceil(photos_s / inputs.photos_per_core_s):,}",
            f"{math.ceil(photos_s / inputs.gpu_photos_s):,}",
            f"{math.ceil(photos_s / inputs.calls_per_edge_s):,}",
        ]
        for photos_s in (5, 50, 500, 5_000, 50_000)
    ]
    return table(["photos a second", "cores that run models", "or GPUs", "processes that take calls"], rows)


def input_table(inputs: Inputs) -> str:
    rows = [[each.name, f"{getattr(inputs, each.name):,.12g}"] for each in fields(inputs)]
    return table(["input", "value"], rows)


TABLES: dict[str, Callable[[Inputs], str]] = {
    "inputs": input_table,
    "sizes": size_table,
    "times": time_table,
    "costs": cost_table,
    "edges": edge_table,
}


def in_bytes(count: float) -> str:
    for unit, name in ((1e15, "PB"), (TB, "TB"), (GB, "GB")):
        if count >= unit:
            return f"{count / unit:.3g} {name}"
    return f"{count / 1e6:.3g} MB"


def in_time(days: float) -> str:
    if days >= 730:
        return f"{days / 365:,.0f} years"
    if days >= 2:
        return f"{days:,.0f} days"
    return f"{days * 24:.1f} h" if days * 24 >= 1 else f"{days * 24 * 60:.1f} min"


def dollars(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 10 else f"{amount:.2f}"


def written(text: str, inputs: Inputs) -> str:
    """A page with its tables made anew."""
    for name, make in TABLES.items():
        begin = f"<!-- {name} -->\n"
        before, found, rest = text.partition(begin)
        _, _, after = rest.partition("<!-- end -->")
        if found:
            text = f"{before}{begin}\n{make(inputs)}\n\n<!-- end -->{after}"
    return text


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Raises SystemExit for --help and unknown options."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.scale",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for each in fields(Inputs):
        kind = int if each.name == "width" else float
        parser.add_argument(f"--{each.name.replace('_', '-')}", type=kind, default=each.default)
    parser.add_argument("--into", type=Path, help="a page whose tables are written anew")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    arguments = vars(parse_arguments(argv))
    page = arguments.pop("into")
    inputs = Inputs(**arguments)
    if page is not None:
        page.write_text(written(page.read_text(), inputs))
        return
    for name, make in TABLES.items():
        print(f"{name}\n\n{make(inputs)}\n")


if __name__ == "__main__":
    main()
