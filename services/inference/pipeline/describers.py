"""Describers of the taxonomies of tenants."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np

from domain.calls import CURRENT_CALL, DEADLINE_PASSED
from domain.errors import DeadlineExceeded, Overloaded
from domain.taxonomy import Taxonomy
from domain.types import FloatArray, ModelVersion
from imaging.colors import Palette
from models.attributes import AttributeClassifier, LabelTexts, Vocabulary
from models.probes import fitting
from services.inference.pipeline.describer import Describer

EmbedTexts: TypeAlias = Callable[[Sequence[str]], Awaitable[FloatArray]]
"""Embeds texts as work without a deadline: (N, D) float32, L2-normalised."""


@dataclass(frozen=True, slots=True, eq=False)
class DescriberModels:
    """What describers of other taxonomies are made with: the server's describer and the text encoder.

    Attributes:
        text: the version of the text encoder.
        classifier: the version of the classifier; None where none is served.
    """

    describer: Describer
    text: ModelVersion
    classifier: ModelVersion | None
    logit_scale: float
    embed_texts: EmbedTexts


_MAX_AT_A_TIME = 16
_RETRY_AFTER_S = 5.0
_Key: TypeAlias = tuple[ModelVersion, ModelVersion | None, str]


class Describers:
    """Describers by models and taxonomy, of which the least recently used go.

    The label embeddings of one that is not there are read from `folder`, or else worked out between the
    batches of calls: once, however many calls wait for them, and to the end, even if none goes on waiting.
    """

    def __init__(self, folder: Path | None = None, max_describers: int = 128) -> None:
        self._folder = folder
        self._max = max_describers
        self._made: OrderedDict[_Key, asyncio.Task[Describer]] = OrderedDict()

    async def of(self, models: DescriberModels, taxonomy: Taxonomy) -> Describer:
        """The describer of a taxonomy.

        Raises:
            DeadlineExceeded: the call's deadline has passed.
            Overloaded, Unavailable: the text encoder cannot answer.
        """
        key = models.text, models.classifier, taxonomy.version
        made = self._made.get(key)
        if made is None or _failed(made):
            self._check_room()
            made = self._made[key] = asyncio.create_task(self._make(models, taxonomy), context=Context())
            made.add_done_callback(_failed)  # which takes note of the error, of which callers are told
        self._made.move_to_end(key)
        while len(self._made) > self._max:
            self._made.popitem(last=False)
        return made.result() if made.done() else await _within_deadline(made)

    def _check_room(self) -> None:
        """Raises Overloaded where too many are being made: none of them would be done soon."""
        if sum(not made.done() for made in self._made.values()) >= _MAX_AT_A_TIME:
            raise Overloaded("the words of too many tenants are being prepared", retry_after_s=_RETRY_AFTER_S)

    async def _make(self, models: DescriberModels, taxonomy: Taxonomy) -> Describer:
        vocabularies = await self._vocabularies(models, taxonomy)
        of_server = models.describer.item_classifier
        return replace(
            models.describer,
            attributes=AttributeClassifier(
                vocabularies, models.logit_scale, fitting(models.describer.attributes.probes, taxonomy)
            ),
            palette=Palette.of(taxonomy),
            item_classifier=None if of_server is None else of_server.with_taxonomy(taxonomy),
            vocabulary=taxonomy.version,
        )

    async def _vocabularies(self, models: DescriberModels, taxonomy: Taxonomy) -> dict[str, Vocabulary]:
        labels = await asyncio.to_thread(LabelTexts.of, taxonomy)
        vocabularies = await asyncio.to_thread(labels.read, self._folder, models.text)
        if vocabularies is None:
            rows = [await models.embed_texts(group) for group in labels.groups]
            vocabularies = await asyncio.to_thread(labels.vocabularies, np.concatenate(rows))
            await asyncio.to_thread(labels.write, self._folder, models.text, vocabularies)
        return vocabularies


async def _within_deadline(made: asyncio.Task[Describer]) -> Describer:
    call = CURRENT_CALL.get()
    timeout_s = None if call.deadline is None else call.until_deadline_s(float("inf"))
    done, _ = await asyncio.wait([made], timeout=timeout_s)
    if not done:
        raise DeadlineExceeded(DEADLINE_PASSED)
    return made.result()


def _failed(made: asyncio.Task[Describer]) -> bool:
    return made.done() and (made.cancelled() or made.exception() is not None)
