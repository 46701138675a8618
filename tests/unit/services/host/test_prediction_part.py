"""When the prediction log is opened, and what ends a start."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domain.calls import CURRENT_CALL, Call
from domain.clock import now_us
from domain.errors import InvalidInput
from domain.types import ModelVersion, Principal
from services.host.composition import prediction_options
from services.host.metrics.prometheus import NoMetrics
from services.host.prediction_part import PredictionOptions, PredictionPart
from services.predictions.log import DAY_US
from services.predictions.observation import RequestOptions, observed_embeddings
from services.predictions.prediction import Prediction
from services.predictions.recorder import NoRecorder
from services.predictions.store import PredictionStore
from services.predictions.window import Window
from settings import CatalogSettings, PredictionSettings, Settings

SEEN = observed_embeddings(b"photo", [np.ones(2, np.float32)], ModelVersion("e", "p"), RequestOptions())


@pytest.fixture
def options(tmp_path: Path) -> PredictionOptions:
    return prediction_options(Settings(home=tmp_path, predictions=PredictionSettings(sample_ratio=1)))


async def entries(options: PredictionOptions) -> int:
    """How many there are of the tenant default."""
    async with AsyncExitStack() as closing:
        part = PredictionPart(replace(options, sample_ratio=0), NoMetrics())
        closing.push_async_callback(part._closing.aclose)
        return len(await (await part.store()).page(Window("default"), 10))


def contents(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_what_waits_when_the_process_ends_is_written(options: PredictionOptions) -> None:
    async with AsyncExitStack() as closing:
        part = PredictionPart(options, NoMetrics())
        await part.open(closing)
        assert part.recorder.wants("0")
        part.recorder.record(SEEN)
    assert await entries(options) == 1


async def test_only_tenants_that_are_logged_are(options: PredictionOptions) -> None:
    part = PredictionPart(options, NoMetrics(), lambda tenant_id: tenant_id == "shop")
    for tenant_id, wanted in (("shop", True), ("other", False)):
        token = CURRENT_CALL.set(Call("r-1", Principal(tenant_id)))
        assert part.recorder.wants("0") == wanted
        CURRENT_CALL.reset(token)


async def test_a_process_that_logs_nothing_makes_nothing(options: PredictionOptions, tmp_path: Path) -> None:
    async with AsyncExitStack() as closing:
        part = PredictionPart(replace(options, sample_ratio=0), NoMetrics())
        await part.open(closing)
        assert isinstance(part.recorder, NoRecorder)
    assert not contents(tmp_path)


async def test_what_was_logged_grows_no_older_once_nothing_is(
    options: PredictionOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with AsyncExitStack() as closing:
        part = PredictionPart(options, NoMetrics())
        closing.push_async_callback(part._closing.aclose)
        old = now_us() - 31 * DAY_US
        await (await part.store()).write([Prediction("default", "1", old, "Detect", "", "", 0)])
    purged = asyncio.Event()
    purge = PredictionStore.purge

    async def telling(store: PredictionStore, before_us: int) -> int:
        removed = await purge(store, before_us)
        purged.set()
        return removed

    monkeypatch.setattr(PredictionStore, "purge", telling)
    async with AsyncExitStack() as closing, asyncio.timeout(60):
        await PredictionPart(replace(options, sample_ratio=0), NoMetrics()).open(closing)
        await purged.wait()
    assert await entries(options) == 0


async def test_a_url_of_no_database_ends_the_start(options: PredictionOptions) -> None:
    async with AsyncExitStack() as closing:
        with pytest.raises(InvalidInput, match="ARMOIRE_PREDICTIONS__DATABASE_URL"):
            await PredictionPart(replace(options, database_url="nonsense"), NoMetrics()).open(closing)


@pytest.mark.parametrize(
    ("own", "catalogue", "url"),
    [
        ("", "", "sqlite:///{home}/predictions.db"),
        ("", "sqlite:///elsewhere.db", "sqlite:///{home}/predictions.db"),
        ("", "postgresql://host/name", "postgresql://host/name"),
        ("sqlite:///own.db", "postgresql://host/name", "sqlite:///own.db"),
    ],
)
def test_where_the_log_is(tmp_path: Path, own: str, catalogue: str, url: str) -> None:
    settings = Settings(
        home=tmp_path,
        catalog=CatalogSettings(database_url=catalogue),
        predictions=PredictionSettings(database_url=own),
    )
    assert prediction_options(settings).database_url == url.format(home=tmp_path.resolve())
