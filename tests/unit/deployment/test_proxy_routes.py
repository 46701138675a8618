"""Traefik's routes lead where Caddy's do. Traefik is in no package, so its rules are evaluated here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from services.edge.requirements import SERVICES

COMPOSE = Path(__file__).parents[3] / "docker/compose"
INGRESS = Path(__file__).parents[3] / "docker/helm/armoire/templates/ingress.yaml"
OF_INFERENCE = {"armoire.v1.InferenceService", "armoire.v1.ModelService", "inference.GRPCInferenceService"}
SITES = {"SITE": "shop.example", "PHOTOS_SITE": "photos.example", "INFERENCE": "inference", "RESOLVER": ""}


@dataclass(frozen=True, slots=True)
class Request:
    """What rules look at."""

    path: str = "/"
    content_type: str = ""
    host: str = SITES["SITE"]
    method: str = "POST"

    def Host(self, name: str) -> bool:
        return self.host == name

    def Path(self, path: str) -> bool:
        return self.path == path

    def PathPrefix(self, prefix: str) -> bool:
        return self.path.startswith(prefix)

    def Method(self, method: str) -> bool:
        return self.method == method

    def HeaderRegexp(self, name: str, pattern: str) -> bool:
        assert name == "Content-Type"
        return re.search(pattern, self.content_type) is not None


@pytest.fixture(scope="module")
def routes() -> dict:
    text = (COMPOSE / "traefik/routes.yaml").read_text()
    filled = re.sub(r'\{\{ env "(\w+)" \}\}', lambda found: SITES[found[1]], text)
    return yaml.safe_load(filled)["http"]


def target(routes: dict, request: Request) -> str:
    """The URL that a request goes to; "" where no server answers."""
    matchers = {name: getattr(request, name) for name in dir(request) if name[0].isupper()}
    fitting = [router for router in routes["routers"].values() if evaluated(router["rule"], matchers)]
    if not fitting:
        return ""
    best = max(fitting, key=lambda router: router["priority"])
    servers = routes["services"][best["service"]]["loadBalancer"]["servers"]
    return servers[0]["url"] if servers else ""


def evaluated(rule: str, matchers: dict) -> bool:
    """A rule of Traefik as an expression of Python: values are in backticks, which are Go's raw strings."""
    python = re.sub(r"`([^`]*)`", lambda found: repr(found[1]), rule)
    return bool(eval(python.replace("&&", " and ").replace("||", " or "), {"__builtins__": {}}, matchers))


GRPC = "application/grpc"
CASES = [
    (Request("/armoire.v1.InferenceService/Analyze", GRPC), "h2c://inference:50051"),
    (Request("/armoire.v1.InferenceService/Analyze", "application/grpc+proto"), "h2c://inference:50051"),
    (Request("/armoire.v1.InferenceService/Analyze", "application/json"), "http://inference:3000"),
    (Request("/armoire.v1.InferenceService/Analyze", "application/grpc-web+proto"), "http://inference:3000"),
    (Request("/armoire.v1.ModelService/ListModels", GRPC), "h2c://inference:50051"),
    (Request("/inference.GRPCInferenceService/ModelInfer", GRPC), "h2c://inference:50051"),
    (Request("/v1/analyze", "multipart/form-data"), "http://inference:3000"),
    (Request("/v1/detect", "image/jpeg"), "http://inference:3000"),
    (Request("/v2/models/detector/infer", "application/json"), "http://inference:3000"),
    (Request("/armoire.v1.CatalogService/Search", GRPC), "h2c://armoire:50051"),
    (Request("/armoire.v1.CatalogService/Search", "application/json"), "http://armoire:3000"),
    (Request("/grpc.health.v1.Health/Check", GRPC), "h2c://armoire:50051"),
    (Request("/app/", method="GET"), "http://armoire:3000"),
    (Request("/metrics", method="GET"), ""),
    (Request("/metrics/", method="GET"), ""),
    (Request("/metrics", GRPC), ""),
    (Request("/armoire/photos/x", host=SITES["PHOTOS_SITE"], method="GET"), "http://s3:8333"),
    (Request("/armoire/photos/x", host=SITES["PHOTOS_SITE"], method="PUT"), "http://s3:8333"),
    (Request("/armoire/photos/x", host=SITES["PHOTOS_SITE"], method="DELETE"), ""),
    (Request("/", host="elsewhere.example", method="GET"), ""),
]


@pytest.mark.parametrize(("request_", "expected"), CASES, ids=lambda value: getattr(value, "path", value))
def test_a_request_goes_where_it_should(routes: dict, request_: Request, expected: str) -> None:
    assert target(routes, request_) == expected


def test_both_proxies_name_the_same_paths_of_inference(routes: dict) -> None:
    caddy = (COMPOSE / "caddy/Caddyfile").read_text()
    (line,) = [line for line in caddy.splitlines() if line.strip().startswith("@inference path")]
    rules = routes["routers"]["inference-http"]["rule"]
    assert {path.rstrip("*") for path in line.split()[2:]} == set(
        re.findall(r"Path(?:Prefix)?\(`([^`]+)`\)", rules)
    )


@pytest.mark.parametrize("service", [service.full_name for service in SERVICES])
def test_the_ingress_of_the_chart_has_a_path_for_every_service(service: str) -> None:
    """Of gRPC and of JSON, which have the same paths."""
    (named,) = [line for line in INGRESS.read_text().splitlines() if f'"/{service}"' in line]
    part = "inference" if service in OF_INFERENCE else "catalog"
    assert named.startswith(f"{{{{- ${part} := list")
