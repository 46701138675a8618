"""Writes the comments of the protos, from descriptor sets with source information on standard input.

Sets that follow each other are one to protobuf.
"""

from __future__ import annotations

import json
import sys

from google.protobuf.descriptor_pb2 import FileDescriptorSet

from services.edge.http.openapi.comments import STORED, comments_of


def main() -> None:
    comments = comments_of(FileDescriptorSet.FromString(sys.stdin.buffer.read()))
    text = json.dumps(comments, indent=1, ensure_ascii=False)
    STORED.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
