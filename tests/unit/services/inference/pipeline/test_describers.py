from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domain.calls import BACKGROUND, CURRENT_CALL, Call
from domain.errors import DeadlineExceeded, Overloaded, Unavailable
from domain.taxonomy import Attribute, Taxonomy
from domain.tenant_taxonomy import NamedColor, TenantTaxonomy
from domain.types import Box, FloatArray, ModelVersion
from imaging.colors import Palette
from models.attributes import AttributeClassifier
from services.inference.pipeline.describer import Describer
from services.inference.pipeline.describers import DescriberModels, Describers
from tests.turns import turn

SERVER = Taxonomy.load(Path(__file__).parents[5] / "domain/taxonomy.toml")
TEXT = ModelVersion("text-1", "clip-1")
WIDTH = 8


def words(*values: str) -> Taxonomy:
    return TenantTaxonomy(attributes=(Attribute("pattern", values, ()),)).over(SERVER)


OWN = words("uni", "gestreift")


def embedding(text: str) -> FloatArray:
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    vector = np.random.default_rng(seed).normal(size=WIDTH)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


class Encoder:
    """Counts the texts that it embeds; `gate` holds it back, `error` is raised once."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.calls: list[Call] = []
        self.gate: asyncio.Event | None = None
        self.started = asyncio.Event()
        self.error: Exception | None = None

    async def embed(self, texts: Sequence[str]) -> FloatArray:
        self.started.set()
        self.calls.append(CURRENT_CALL.get())
        if self.gate is not None:
            await self.gate.wait()
        error, self.error = self.error, None
        if error is not None:
            raise error
        self.seen += texts
        return np.stack([embedding(text) for text in texts])


@pytest.fixture
def encoder() -> Encoder:
    return Encoder()


@pytest.fixture
def models(encoder: Encoder) -> DescriberModels:
    describer = Describer(AttributeClassifier({}, 1.0), Palette.of(SERVER))
    return DescriberModels(describer, TEXT, None, 10.0, encoder.embed)


async def test_items_are_described_in_the_words_of_the_taxonomy(models: DescriberModels) -> None:
    describer = await Describers().of(models, OWN)
    assert describer.vocabulary == OWN.version
    (answers,) = describer.attributes.describe(embedding("gestreift clothes")[None])
    assert answers["pattern"].value == "gestreift"
    assert answers["style"].value in OWN.attribute("style").values


async def test_colors_have_the_tenants_names(models: DescriberModels) -> None:
    colors = (NamedColor("rot", (45.0, 66.0, 45.0)), NamedColor("blau", (40.0, 12.0, -56.0)))
    describer = await Describers().of(models, TenantTaxonomy(colors=colors).over(SERVER))
    pixels = np.full((32, 32, 3), (200, 20, 20), np.uint8)
    assert describer.palette != models.describer.palette
    described = describer.describe_crop(pixels, Box(0, 0, 32, 32), include_jpeg=False)
    assert [color.name for color in described.colors] == ["rot"]


async def test_each_text_is_embedded_once_however_many_calls_wait(
    models: DescriberModels, encoder: Encoder
) -> None:
    describers = Describers()
    made = await asyncio.gather(*(describers.of(models, OWN) for _ in range(5)))
    assert all(each is made[0] for each in made)
    assert len(encoder.seen) == len(set(encoder.seen)) > 0
    count = len(encoder.seen)
    assert await describers.of(models, OWN) is made[0]
    assert len(encoder.seen) == count


async def test_a_model_and_a_taxonomy_have_a_describer_of_their_own(models: DescriberModels) -> None:
    describers = Describers()
    first = await describers.of(models, OWN)
    assert await describers.of(models, words("a", "b")) is not first
    assert await describers.of(replace(models, text=ModelVersion("text-2", "clip-1")), OWN) is not first
    assert await describers.of(replace(models, classifier=TEXT), OWN) is not first
    assert await describers.of(models, OWN) is first


async def test_the_least_recently_used_goes(models: DescriberModels, encoder: Encoder) -> None:
    describers = Describers(max_describers=2)
    first = await describers.of(models, OWN)
    await describers.of(models, words("a", "b"))
    assert await describers.of(models, OWN) is first
    await describers.of(models, words("c", "d"))
    assert await describers.of(models, OWN) is first
    count = len(encoder.seen)
    await describers.of(models, words("a", "b"))
    assert len(encoder.seen) > count


async def test_label_embeddings_outlast_a_restart(
    models: DescriberModels, encoder: Encoder, tmp_path: Path
) -> None:
    first = await Describers(tmp_path).of(models, OWN)
    count = len(encoder.seen)
    second = await Describers(tmp_path).of(models, OWN)
    assert len(encoder.seen) == count
    vector = embedding("x")[None]
    assert second.attributes.describe(vector) == first.attributes.describe(vector)


async def test_a_call_waits_no_longer_than_its_deadline_and_the_work_goes_on(
    models: DescriberModels, encoder: Encoder
) -> None:
    encoder.gate = asyncio.Event()
    describers = Describers()
    token = CURRENT_CALL.set(Call("late", deadline=time.monotonic()))
    with pytest.raises(DeadlineExceeded):
        await describers.of(models, OWN)
    CURRENT_CALL.reset(token)
    encoder.gate.set()
    await describers.of(models, OWN)
    assert len(encoder.seen) == len(set(encoder.seen))
    assert set(encoder.calls) == {BACKGROUND}


async def test_a_caller_that_leaves_takes_nothing_away(models: DescriberModels, encoder: Encoder) -> None:
    encoder.gate = asyncio.Event()
    describers = Describers()
    leaving, staying = (asyncio.create_task(describers.of(models, OWN)) for _ in range(2))
    await encoder.started.wait()
    leaving.cancel()
    await turn()
    encoder.gate.set()
    assert (await staying).vocabulary == OWN.version


async def test_the_next_call_tries_again_after_a_failure(models: DescriberModels, encoder: Encoder) -> None:
    encoder.error = Unavailable("the device is away")
    describers = Describers()
    with pytest.raises(Unavailable):
        await describers.of(models, OWN)
    assert (await describers.of(models, OWN)).vocabulary == OWN.version


async def test_too_many_at_a_time_are_refused(models: DescriberModels, encoder: Encoder) -> None:
    encoder.gate = asyncio.Event()
    describers = Describers()
    waiting = [asyncio.create_task(describers.of(models, words("a", str(n)))) for n in range(16)]
    await turn()
    with pytest.raises(Overloaded):
        await describers.of(models, OWN)
    encoder.gate.set()
    await asyncio.gather(*waiting)
    assert (await describers.of(models, OWN)).vocabulary == OWN.version
