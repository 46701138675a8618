"""Gives the decoders of pictures and requests what a coverage-guided fuzzer makes of good and broken ones.

Each may refuse with `ArmoireError`; anything else, more than 10 s or more than 2 GiB is a finding, and its
input is written to a file. Needs atheris: `make fuzz-decoders`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["imaging", "services.edge"]):
    from imaging.decode import DecodeLimits, open_image
    from services.edge.calls import sane_request_id
    from services.edge.decoding import decode_message
    from services.edge.http.json_request import parse_body
    from services.edge.oip.json_messages import index_from_body, json_length, request_from_body
    from services.edge.oip.shared_memory import SharedMemory

from armoire.v1 import inference_pb2, search_pb2
from domain.errors import ArmoireError
from services.oip.stubs import open_inference_pb2
from tests.unit.imaging.hostile_pictures import hostile_pictures

LIMITS = DecodeLimits(max_pixels=1_000_000, max_scan_pixels=10_000_000)
"""Small, so that many pictures are decoded."""
REST = {
    "inputs": [{"name": "a", "datatype": "FP32", "shape": [2], "data": [1, 2]}],
    "outputs": [{"name": "b"}],
}


def picture(content: bytes) -> None:
    image = open_image(content, LIMITS)
    pixels = image.decode()
    assert pixels.shape == (image.info.height, image.info.width, 3)


def rest(content: bytes) -> None:
    memory = SharedMemory(enabled=False)
    request_from_body("m", "", content, json_length(None, len(content)), memory)


def header(content: bytes) -> None:
    text = content.decode("latin-1")
    assert len(sane_request_id(text)) <= 64
    json_length(text, 100)


DECODERS: Sequence[Callable[[bytes], object]] = (
    picture,
    picture,
    partial(decode_message, inference_pb2.AnalyzeRequest),
    partial(decode_message, search_pb2.SearchRequest),
    partial(decode_message, open_inference_pb2.ModelInferRequest),
    partial(parse_body, inference_pb2.AnalyzeRequest),
    partial(parse_body, search_pb2.SearchRequest),
    rest,
    index_from_body,
    header,
)
"""The first byte of an input chooses one."""


def decode(given: bytes) -> None:
    if given:
        with suppress(ArmoireError):
            DECODERS[given[0] % len(DECODERS)](given[1:])


def write_corpus(folder: Path) -> None:
    """Begin with the hostile pictures, and with small requests."""
    seeds = [b"\0" + each.content for each in hostile_pictures() if len(each.content) < 20_000]
    seeds += [
        bytes([5]) + b'{"images":[{"content":"AAAA","boxes":[{"x2":1}]}]}',
        bytes([6]) + b'{"text":"a"}',
    ]
    seeds += [bytes([7]) + json.dumps(REST).encode(), bytes([8]) + b'{"ready":true}', bytes([9]) + b"100"]
    for number, seed in enumerate(seeds):
        (folder / str(number)).write_bytes(seed)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    corpus = Path(tempfile.mkdtemp(prefix="armoire-corpus-"))
    write_corpus(corpus)
    options = [f"-max_total_time={int(chosen.minutes * 60)}", f"-seed={chosen.seed}", "-print_final_stats=1"]
    limits = ["-timeout=10", "-rss_limit_mb=2048", "-max_len=20000", f"-artifact_prefix={corpus}-finding-"]
    atheris.Setup([sys.argv[0], *options, *limits, str(corpus)], decode)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
