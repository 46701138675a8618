"""The flame graph that py-spy leaves."""

from __future__ import annotations

from pathlib import Path

from bench.profiling import rename


def test_a_flame_graph_is_named_after_the_call_and_not_after_folders(tmp_path: Path) -> None:
    picture = tmp_path / "call.svg"
    picture.write_text(
        '<text id="title">/home/me/.venv-bench/bin/py-spy record --pid 7 --output /home/me/call.svg</text>'
        "<title>run (onnxruntime/session.py:1)</title>",
        encoding="utf-8",
    )
    rename(picture, "embed, 8 clients")
    text = picture.read_text(encoding="utf-8")
    assert text.startswith('<text id="title">embed, 8 clients</text>')
    assert "<title>run (onnxruntime/session.py:1)</title>" in text
    assert "/home/me" not in text
