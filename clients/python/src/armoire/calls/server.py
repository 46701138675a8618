"""Calls that ask what a server is."""

from __future__ import annotations

from grpc_health.v1 import health_pb2

from armoire.call import Call, call_of
from armoire.messages.server import catalog_limits_from_proto, inference_limits_from_proto
from armoire.v1 import catalog_pb2, inference_pb2
from armoire.values.server import CatalogLimits, InferenceLimits

SERVICES = ("armoire.v1.InferenceService", "armoire.v1.CatalogService")


def check_health(service: str) -> Call[str]:
    """The state of a service, such as SERVING; the empty name stands for the whole server."""

    def parse(reply: health_pb2.HealthCheckResponse) -> str:
        return str(health_pb2.HealthCheckResponse.ServingStatus.Name(reply.status))

    request = health_pb2.HealthCheckRequest(service=service)
    return call_of(
        "grpc.health.v1.Health/Check", request, health_pb2.HealthCheckResponse, parse, repeatable=False
    )


def get_inference_limits() -> Call[InferenceLimits]:
    return call_of(
        "armoire.v1.InferenceService/GetInferenceLimits",
        inference_pb2.GetInferenceLimitsRequest(),
        inference_pb2.GetInferenceLimitsResponse,
        inference_limits_from_proto,
    )


def get_catalog_limits() -> Call[CatalogLimits]:
    return call_of(
        "armoire.v1.CatalogService/GetCatalogLimits",
        catalog_pb2.GetCatalogLimitsRequest(),
        catalog_pb2.GetCatalogLimitsResponse,
        catalog_limits_from_proto,
    )
