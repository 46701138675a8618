from __future__ import annotations

from pathlib import Path

from bench.cost import SERVICE, endpoints
from demo.server import ServerProcess


def test_every_kind_of_call_is_answered(tmp_path: Path) -> None:
    with ServerProcess(tmp_path, SERVICE) as server:
        ways = endpoints(server)
        refused = [kind.name for kind, endpoint in ways if not endpoint.answers("", b"")]
    assert refused == []
    assert len({kind.name for kind, _ in ways}) == len(ways) == 12
