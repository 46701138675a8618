"""A catalogue on real stores behind a real port, and the command that speaks to it."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from armoire.command.main import main
from armoire.v1 import catalog_pb2, operations_pb2
from domain.outfit_rules import SHIPPED_RULES, OutfitRules
from domain.preference_rules import SHIPPED_PREFERENCES, PreferenceRules
from services.catalog.catalog import Catalog
from services.catalog.options import CatalogOptions
from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.catalog_servicer import CatalogServicer
from services.edge.hosted_service import HostedService
from services.edge.operation_servicer import OperationServicer
from services.edge.outfit_servicer import OUTFITS, OutfitServicer
from services.edge.server import GrpcOptions, GrpcServer
from services.outfits.personal_outfits import PersonalOutfits
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer

_CATALOG = catalog_pb2.DESCRIPTOR.services_by_name["CatalogService"]
_OPERATIONS = operations_pb2.DESCRIPTOR.services_by_name["OperationService"]


@dataclass(frozen=True)
class Outcome:
    """What a command ended with, and printed."""

    status: int
    out: str
    err: str

    @property
    def documents(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Served:
    """A catalogue, its analyzer, and where it listens."""

    catalog: Catalog
    analyzer: FakeAnalyzer
    address: str

    async def armoire(self, *arguments: str) -> Outcome:
        """Run a command against it, on a thread."""
        return await asyncio.to_thread(_run, [*arguments, "--address", self.address, "--json"])


def _run(arguments: list[str]) -> Outcome:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main(arguments)
    return Outcome(status, out.getvalue(), err.getvalue())


@asynccontextmanager
async def served(folder: Path, database_url: str = "") -> AsyncIterator[Served]:
    """A catalogue in a folder that is there, started and ready; its database may be elsewhere."""
    options = CatalogOptions(
        database_url or f"sqlite:///{folder / 'c.db'}",
        str(folder / "blobs"),
        str(folder / "milvus.db"),
        recheck_s=60,
    )
    analyzer = FakeAnalyzer()
    catalog = Catalog(options, analyzer, TAXONOMY)
    await catalog.start()
    await catalog.wait_until_ready()
    rules = OutfitRules.load(SHIPPED_RULES, TAXONOMY)
    outfits = PersonalOutfits.of(catalog, rules, PreferenceRules.load(SHIPPED_PREFERENCES))
    services = [
        HostedService(OUTFITS, OutfitServicer(catalog, outfits)),
        HostedService(_CATALOG, CatalogServicer(catalog)),
        HostedService(_OPERATIONS, OperationServicer(catalog)),
    ]
    server = GrpcServer(GrpcOptions("127.0.0.1:0", drain_s=1), services, Calls(Admission(64)))
    await server.start()
    yield Served(catalog, analyzer, f"127.0.0.1:{server.port}")
    await server.stop()
    await catalog.stop()
