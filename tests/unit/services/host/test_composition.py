"""What the settings of a process rule out."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import FailedPrecondition
from services.host.composition import application_options
from settings import GrpcSettings, Settings


@pytest.mark.parametrize(
    ("grpc", "complaint"),
    [
        (GrpcSettings(port=0), "ARMOIRE_GRPC__PORT must not be 0"),
        (GrpcSettings(socket="/run/armoire.sock"), "ARMOIRE_GRPC__SOCKET must not be set"),
    ],
)
def test_edges_share_one_port_and_no_socket(tmp_path: Path, grpc: GrpcSettings, complaint: str) -> None:
    settings = Settings(home=tmp_path, grpc=grpc)
    with pytest.raises(FailedPrecondition, match=complaint):
        application_options(settings, models=True, catalog=True, edge=True)
    alone = application_options(settings, models=True, catalog=True)
    assert (alone.grpc.address, alone.grpc.socket) == (f"127.0.0.1:{grpc.port}", grpc.socket)
