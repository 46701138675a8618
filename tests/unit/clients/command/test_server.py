from __future__ import annotations

from typing import Any

from grpc_health.v1 import health_pb2

from tests.unit.clients.command.outcomes import documents


def test_health(armoire: Any, server: Any) -> None:
    server.say("Check", health_pb2.HealthCheckResponse(status="SERVING"))
    status, out, err = armoire("health", "--json")
    assert (status, err) == (0, "")
    services = {"armoire.v1.InferenceService": "SERVING", "armoire.v1.CatalogService": "SERVING"}
    assert documents(out) == [{"address": server.address, "serving": True, "services": services}]


def test_health_of_a_server_that_takes_no_calls(armoire: Any, server: Any) -> None:
    server.say("Check", health_pb2.HealthCheckResponse(status="NOT_SERVING"))
    status, out, err = armoire("health")
    assert status == 1
    assert out.splitlines()[1] == "server                       NOT_SERVING"
    assert "does not take calls now" in err
