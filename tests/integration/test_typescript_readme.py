"""The examples of the TypeScript client's README run against a server."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from demo.server import ServerProcess
from tests.integration.javascript import LIMIT_S
from tests.node import node_command

ROOT = Path(__file__).parents[2]
README = (ROOT / "clients/typescript/README.md").read_text()
EXAMPLES = re.findall(r"^```js\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
EXPECTED = ("t-shirt", "COMPLETE", "uploaded", "job", "demo-detector")
"""A word that each example prints."""


@pytest.mark.parametrize(("example", "word"), list(zip(EXAMPLES, EXPECTED, strict=True)), ids=EXPECTED)
def test_an_example_runs(server: ServerProcess, example: str, word: str) -> None:
    program = example.replace("http://127.0.0.1:3000", server.http_url)
    program = program.replace("127.0.0.1:50051", server.address)
    line = node_command("--input-type=module", "--eval", program)
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert word in done.stdout
