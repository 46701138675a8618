from __future__ import annotations

import subprocess
import sys

import pytest

from bench.process_tree import ProcessTree

CODE = """
import subprocess, sys
subprocess.run([sys.executable, "-m", "code", "-q"])
"""


def test_memory_is_told_by_process_and_adds_up() -> None:
    command = [sys.executable, "-c", CODE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as root:
        assert root.stdin is not None
        assert root.stdout is not None
        root.stdin.write(b"print('up')\n")  # to the child, which has the same ends
        root.stdin.flush()
        root.stdout.readline()
        tree = ProcessTree(root.pid)
        members = tree.pss_by_process_mb()
        parent, child = members
        assert parent.startswith("0 python")
        assert child == "1 code"
        assert min(members.values()) > 1
        assert sum(members.values()) == pytest.approx(tree.pss_mb(), rel=0.1)
        root.stdin.close()
