"""The folder of the metrics of one server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from services.host.metric_folder import own_folder
from tests.conftest import ROOT

TAKE = "import sys; from pathlib import Path; from services.host.metric_folder import own_folder; "
HOLD = TAKE + "print(own_folder(Path(sys.argv[1])), flush=True); sys.stdin.read()"


def test_a_second_server_leaves_the_folder_of_the_first_alone(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None
        taken = Path(first.stdout.readline().strip())
        (taken / "counter_1.db").write_text("counted")
        second = own_folder(tmp_path)
        assert (taken / "counter_1.db").read_text() == "counted"
        assert (second != taken, list(second.iterdir())) == (True, [])
        first.communicate()
    third = own_folder(tmp_path)
    assert {second, third} == set(tmp_path.iterdir())  # the first one's, which has ended, is gone
