"""The queue of reviewers: the calls that lease items to review, and give them back."""

from __future__ import annotations

import random
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

import numpy as np
from sqlalchemy.orm import Session

from domain.clock import MICROSECONDS, datetime_from_us, now_us
from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy, TaxonomyOf
from domain.types import FloatArray, ModelVersion, Principal
from services.catalog.ids import check_id
from services.catalog.parts import CatalogParts
from services.catalog.records import review_queue
from services.catalog.records.items import Item, read_item, read_items, with_alternatives
from services.catalog.records.review_queue import Candidate, Lease, QueueFilter, ReviewReason
from services.catalog.review_order import most_useful
from services.catalog.sync.open_collections import OpenCollections

FindSimilar: TypeAlias = Callable[[Principal, str, float], Awaitable[Sequence[str]]]
"""The ids of items with at least this cosine to an item, the most similar first."""

_REVIEWER = re.compile(r"[\w-]{0,64}", re.ASCII)
_TRIES = 3
"""How often items are chosen again because others have just taken them."""


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """What a reviewer wants; see LeaseReviewItemsRequest for its rules."""

    reviewer: str = ""
    max_items: int = 0
    lease_s: int = 0
    category: str = ""
    model_version: str = ""
    never_seen: bool = False
    audit_share: float = 0.0
    disagreements: bool = False
    similar_to: str = ""
    min_similarity: float = 0.0
    item_id: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class LeasedItem:
    """An item that a reviewer has, with alternatives, why, and how unsure the model is of it."""

    item: Item
    reason: ReviewReason
    uncertainty: float


@dataclass(frozen=True, slots=True, eq=False)
class LeasedItems:
    """What a reviewer has until a moment; `open_items` counts all that are left, theirs among them."""

    items: tuple[LeasedItem, ...]
    expire_time: datetime
    open_items: int


@dataclass(frozen=True, slots=True)
class _Terms:
    """The checked terms of leases; `reviewer` names who calls, too, and `count` is for how many items."""

    reviewer: str
    count: int
    expire_us: int
    moment_us: int


class ReviewQueue:
    """Hands out items to review, each to one reviewer at a time, within the caller's tenant."""

    def __init__(
        self,
        parts: CatalogParts,
        collections: OpenCollections,
        find_similar: FindSimilar,
        draw: Callable[[], float] = random.random,
    ) -> None:
        """`draw` makes numbers from 0 to 1, by which items are audited."""
        self._database = parts.database
        self._taxonomy_of: TaxonomyOf = parts.taxonomy_of
        self._collections = collections
        self._find_similar = find_similar
        self._draw = draw

    def taxonomy(self, principal: Principal) -> Taxonomy:
        """The words that the caller's garments are described with."""
        return self._taxonomy_of(principal.tenant_id)

    async def lease(self, principal: Principal, request: ReviewRequest) -> LeasedItems:
        """Renew what a reviewer has, and add to it.

        Raises:
            InvalidInput: a field of the request is wrong.
            NotFound: there is no such item to look like.
        """
        terms = _terms(principal, request)
        searched = (await self._collections.searched()).version
        wanted = self._filter(principal, request, searched)
        if request.item_id:
            leases = await self._named(principal, check_id("item_id", request.item_id), terms, searched)
        elif request.similar_to:
            leases = await self._similar(principal, request, wanted, terms)
        else:
            leases = await self._queued(principal, request, wanted, terms)
        return await self._database.read(
            lambda session: _leased(session, principal.tenant_id, leases, wanted, terms)
        )

    async def release(
        self, principal: Principal, reviewer: str, item_ids: Sequence[str], *, skip: bool
    ) -> int:
        """Give items back; returns how many were the reviewer's. Raises InvalidInput."""
        name = _reviewer(principal, reviewer)
        wanted = [check_id(f"item_ids[{index}]", id) for index, id in enumerate(item_ids)]
        tenant_id, moment_us = principal.tenant_id, now_us()
        return await self._database.write(
            lambda session: review_queue.release_leases(
                session, tenant_id, name, wanted, moment_us, skip=skip
            )
        )

    def _filter(self, principal: Principal, request: ReviewRequest, searched: ModelVersion) -> QueueFilter:
        taxonomy = self._taxonomy_of(principal.tenant_id)
        version = ModelVersion(request.model_version, "") if request.model_version else searched
        words = {category.name: category.words for category in taxonomy.categories}
        labels: tuple[str, ...] = ()
        if request.category:
            name = taxonomy.canonical_category(request.category)
            labels = tuple(word.casefold() for word in words.get(name or "", (request.category,)))
        return QueueFilter(
            version,
            labels,
            request.never_seen,
            request.disagreements,
            tuple(name.casefold() for name in words),
        )

    async def _queued(
        self, principal: Principal, request: ReviewRequest, wanted: QueueFilter, terms: _Terms
    ) -> list[Lease]:
        tenant_id = principal.tenant_id

        def renew(session: Session) -> list[Lease]:
            held = review_queue.renew_leases(
                session, tenant_id, terms.reviewer, terms.expire_us, terms.moment_us
            )
            still = _still_open(session, tenant_id, held, wanted)
            gone = [lease.item_id for lease in held if lease not in still]
            if gone:
                review_queue.release_leases(
                    session, tenant_id, terms.reviewer, gone, terms.moment_us, skip=False
                )
            review_queue.remove_expired(session, tenant_id, terms.moment_us)
            return still

        leases = (await self._database.write(renew))[: terms.count]
        for _ in range(_TRIES):
            missing = terms.count - len(leases)
            if not missing:
                break
            audits = sum(self._draw() < request.audit_share for _ in range(missing))
            chosen = await self._database.read(
                lambda session, audits=audits, missing=missing: _choose(  # type: ignore[misc]
                    session, tenant_id, wanted, audits, missing - audits, terms.moment_us
                )
            )
            taken = await self._take(tenant_id, chosen, wanted, terms)
            leases = [*leases, *taken]
            if len(taken) == len(chosen):
                break
        return leases

    async def _named(
        self, principal: Principal, item_id: str, terms: _Terms, version: ModelVersion
    ) -> list[Lease]:
        """Raises NotFound."""
        await self._database.read(lambda session: read_item(session, principal.tenant_id, item_id))
        return await self._take_named(principal, [item_id], None, terms, ReviewReason.UNCERTAIN, version)

    async def _similar(
        self, principal: Principal, request: ReviewRequest, wanted: QueueFilter, terms: _Terms
    ) -> list[Lease]:
        anchor = check_id("similar_to_item_id", request.similar_to)
        found = await self._find_similar(principal, anchor, request.min_similarity or 0.9)
        same = replace(wanted, labels=(), never_seen=False, disagreements=False)
        tenant_id = principal.tenant_id

        def alike(session: Session) -> list[str]:
            stored = read_items(session, tenant_id, [anchor, *found], corrected=False)
            if anchor not in stored:
                return []
            said = _category(stored[anchor].item)
            return [id for id in found if id in stored and _category(stored[id].item) == said]

        await self._database.write(
            lambda session: review_queue.release_similar(session, tenant_id, terms.reviewer)
        )
        ids = await self._database.read(alike)
        return await self._take_named(principal, ids, same, terms, ReviewReason.SIMILAR, wanted.version)

    async def _take_named(
        self,
        principal: Principal,
        item_ids: Sequence[str],
        wanted: QueueFilter | None,
        terms: _Terms,
        reason: ReviewReason,
        version: ModelVersion,
    ) -> list[Lease]:
        """Lease the first of these items that nobody else has; without a filter they need not be open."""
        tenant_id = principal.tenant_id

        def take(session: Session) -> list[Lease]:
            found = review_queue.named_items(session, tenant_id, item_ids, wanted, version)
            leases = [Lease(candidate.item_id, reason) for candidate in found]
            if reason is ReviewReason.SIMILAR:  # what the reviewer has for another reason stays as it is
                mine = review_queue.leased_items(session, tenant_id, item_ids, terms.moment_us)
                leases = [lease for lease in leases if lease.item_id not in mine]
            leases = leases[: terms.count]
            return review_queue.take_leases(
                session, tenant_id, terms.reviewer, leases, terms.expire_us, terms.moment_us
            )

        return await self._database.write(take)

    async def _take(
        self, tenant_id: str, chosen: Sequence[Lease], wanted: QueueFilter, terms: _Terms
    ) -> list[Lease]:
        """Lease those of the chosen items that are still open, and nobody else's."""
        if not chosen:
            return []

        def take(session: Session) -> list[Lease]:
            still = _still_open(session, tenant_id, chosen, wanted)
            return review_queue.take_leases(
                session, tenant_id, terms.reviewer, still, terms.expire_us, terms.moment_us
            )

        return await self._database.write(take)


def _terms(principal: Principal, request: ReviewRequest) -> _Terms:
    """Raises InvalidInput."""
    for field, share in (("audit_share", request.audit_share), ("min_similarity", request.min_similarity)):
        if not 0.0 <= share <= 1.0:
            raise InvalidInput(field, f"must be from 0 to 1, got {share:g}")
    if not 0 <= request.max_items <= 50:
        raise InvalidInput("max_items", f"must be 0 to 50, got {request.max_items}")
    if request.lease_s and not 10 <= request.lease_s <= 3600:
        raise InvalidInput("lease_s", f"must be 10 to 3600, or 0, got {request.lease_s}")
    moment_us = now_us()
    expire_us = moment_us + (request.lease_s or 300) * MICROSECONDS
    return _Terms(_reviewer(principal, request.reviewer), request.max_items or 10, expire_us, moment_us)


def _reviewer(principal: Principal, name: str) -> str:
    """Who has leases: who calls, a space, and the name that tells their windows apart.

    Raises:
        InvalidInput: the name has other characters, or too many.
    """
    if not _REVIEWER.fullmatch(name):
        raise InvalidInput("reviewer", 'must be at most 64 letters, digits, "-" and "_"')
    return f"{principal.subject} {name}"


def _category(item: Item) -> str:
    """What a model takes an item for."""
    answer = item.attributes.get("category")
    return answer.value if answer is not None else item.label


def _still_open(
    session: Session, tenant_id: str, leases: Sequence[Lease], wanted: QueueFilter
) -> list[Lease]:
    """Those of the items that nobody has decided on meanwhile, whatever else is asked for."""
    any_open = replace(wanted, labels=(), never_seen=False)
    ids = [lease.item_id for lease in leases]
    found = review_queue.named_items(session, tenant_id, ids, any_open, wanted.version)
    still = {candidate.item_id for candidate in found}
    return [lease for lease in leases if lease.item_id in still]


def _choose(
    session: Session, tenant_id: str, wanted: QueueFilter, audits: int, others: int, moment_us: int
) -> list[Lease]:
    """Items that nobody has: some at random, the others by their use."""
    drawn = review_queue.random_items(session, tenant_id, wanted, moment_us, audits) if audits else []
    leases = [Lease(candidate.item_id, ReviewReason.AUDIT) for candidate in drawn]
    if others:
        taken = {lease.item_id for lease in leases}
        unsure = review_queue.uncertain_items(session, tenant_id, wanted, moment_us)
        candidates = [candidate for candidate in unsure if candidate.item_id not in taken]
        reason = ReviewReason.DISAGREEMENT if wanted.disagreements else ReviewReason.UNCERTAIN
        useful = _by_use(session, tenant_id, candidates, wanted, others, moment_us)
        leases += [Lease(candidate.item_id, reason) for candidate in useful]
    return leases


def _by_use(
    session: Session,
    tenant_id: str,
    candidates: Sequence[Candidate],
    wanted: QueueFilter,
    count: int,
    moment_us: int,
) -> list[Candidate]:
    """The most useful candidates first; those without an embedding come last."""
    known = review_queue.known_items(session, tenant_id, moment_us)
    ids = [*known, *(candidate.item_id for candidate in candidates)]
    vectors = _of_one_width(review_queue.read_vectors(session, tenant_id, ids, wanted.version))
    embedded = [candidate for candidate in candidates if candidate.item_id in vectors]
    rest = [candidate for candidate in candidates if candidate.item_id not in vectors]
    if not embedded:
        return rest[:count]
    weights = [1.0 if wanted.disagreements else candidate.uncertainty for candidate in embedded]
    stacked = np.stack([vectors[candidate.item_id] for candidate in embedded])
    before = [vectors[item_id] for item_id in known if item_id in vectors]
    known_vectors = np.stack(before) if before else stacked[:0]
    chosen = [embedded[index] for index in most_useful(weights, stacked, known_vectors, count)]
    return [*chosen, *rest][:count]


def _of_one_width(vectors: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """The vectors as wide as the first; a model whose preprocessing changed may have had another width."""
    widths = {len(vector) for vector in vectors.values()}
    if len(widths) < 2:
        return vectors
    width = len(next(iter(vectors.values())))
    return {item_id: vector for item_id, vector in vectors.items() if len(vector) == width}


def _leased(
    session: Session, tenant_id: str, leases: Sequence[Lease], wanted: QueueFilter, terms: _Terms
) -> LeasedItems:
    ids = [lease.item_id for lease in leases]
    stored = read_items(session, tenant_id, ids)
    reasons = {lease.item_id: lease.reason for lease in leases}
    found = review_queue.named_items(session, tenant_id, ids, None, wanted.version)
    unsure = {candidate.item_id: candidate.uncertainty for candidate in found}
    described = with_alternatives(session, tenant_id, [stored[id].item for id in ids if id in stored])
    items = tuple([LeasedItem(item, reasons[item.id], unsure.get(item.id, 1.0)) for item in described])
    open_items = review_queue.count_open(session, tenant_id, wanted)
    return LeasedItems(items, datetime_from_us(terms.expire_us), open_items)
