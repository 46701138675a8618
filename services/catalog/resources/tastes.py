"""What end users like: feedback is recorded and summed up, read, exported and forgotten."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.end_users import check_end_user
from domain.preference_rules import FeedbackKind
from domain.preferences import Appearance, Preferences, Signal
from domain.types import ModelVersion, Principal
from services.audit.record import Change
from services.audit.trail import Changed
from services.catalog.limits import check_text
from services.catalog.parts import CatalogParts
from services.catalog.records import feedback, preferences, suggested_outfits, wardrobe
from services.catalog.records.feedback import Feedback, NewFeedback
from services.catalog.records.items import read_embeddings, require_items
from services.catalog.records.suggested_outfits import outfit_digest
from services.catalog.records.wardrobe import WardrobeEntry

RESOURCE = "preferences"
"""The name under which audit records tell of them, beside the id of the end user."""
EXPORTED = "end-user-data"
_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True, eq=False)
class NewOpinion:
    """Feedback on the items of an outfit, or on one.

    Attributes:
        weight: of the kind; the items of an outfit share it.
        seen: what is known of each item, by id, with vectors of `version`.
        half_life_us: of all feedback of the end user.
    """

    kind: FeedbackKind
    weight: float
    seen: Mapping[str, Appearance]
    version: ModelVersion
    half_life_us: float

    @property
    def fingerprint(self) -> str:
        """Of what was said, in whatever order."""
        return hashlib.sha256(json.dumps([self.kind, sorted(self.seen)]).encode()).hexdigest()

    def signals(self, moment_us: int) -> list[Signal]:
        """One for each item."""
        return [Signal(moment_us, self.weight / len(self.seen), each) for each in self.seen.values()]


@dataclass(frozen=True, slots=True, eq=False)
class EndUserData:
    """All that is kept of an end user, the oldest first; `suggested` are the hashes of outfits."""

    preferences: Preferences
    wardrobe: Sequence[WardrobeEntry]
    feedback: Sequence[Feedback]
    suggested: Sequence[str]


class Tastes:
    """The calls on feedback and preferences, each within the caller's tenant."""

    def __init__(self, parts: CatalogParts) -> None:
        self._database = parts.database
        self._trail = parts.trail
        self._ids = parts.ids
        self._limits = parts.limits

    async def record(
        self, principal: Principal, end_user: str, opinion: NewOpinion, idempotency_key: str = ""
    ) -> str:
        """Keep feedback and sum it up; returns its id. A call with the same key again changes nothing.

        Raises:
            InvalidInput: naming the field and its limit.
            NotFound: an item is not there any more.
            AlreadyExists: the key was used for other feedback.
        """
        user, tenant_id, moment_us = check_end_user("end_user", end_user), principal.tenant_id, now_us()
        key = check_text("idempotency_key", idempotency_key, self._limits.max_key_chars)
        new = NewFeedback(
            self._ids.next(),
            user,
            opinion.kind,
            tuple(opinion.seen),
            opinion.weight / len(opinion.seen),
            key,
            opinion.fingerprint,
        )

        def record(session: Session) -> str:
            known = preferences.lock_preferences(session, tenant_id, user)
            earlier = feedback.find_feedback_by_key(session, tenant_id, user, key, new.fingerprint)
            if earlier is not None:
                return earlier
            require_items(session, tenant_id, new.item_ids)
            known = _in_version(session, tenant_id, user, known, opinion)
            for signal in opinion.signals(moment_us):
                known = known.plus(signal, opinion.version, opinion.half_life_us)
            preferences.write_preferences(session, tenant_id, user, known)
            _keep(session, tenant_id, new, moment_us)
            return new.id

        try:
            return await self._database.write(record)
        except IntegrityError:  # an item is gone since this transaction looked
            return await self._database.write(record)

    async def get(self, principal: Principal, end_user: str) -> Preferences:
        """As of the last feedback; those of somebody of whom nothing is known where there are none.

        Raises:
            InvalidInput: the id is none.
        """
        user = check_end_user("end_user", end_user)
        return await self._database.read(
            lambda session: preferences.read_preferences(session, principal.tenant_id, user)
        )

    async def reset(self, principal: Principal, end_user: str) -> None:
        """Forget all feedback and what it has come to; the wardrobe stays. Raises InvalidInput."""
        user, tenant_id = check_end_user("end_user", end_user), principal.tenant_id

        def reset(session: Session) -> Changed[None]:
            before = preferences.read_preferences(session, tenant_id, user)
            rows = feedback.delete_feedback(session, tenant_id, user)
            preferences.delete_preferences(session, tenant_id, user)
            suggested_outfits.forget_outfits(session, tenant_id, user)
            if not (before.signals or rows):
                return None, None
            return None, Change(RESOURCE, {"signals": before.signals}, {}, end_user=user)

        await self._trail.write(principal, reset)

    async def export(self, principal: Principal, end_user: str) -> EndUserData:
        """All that is kept of an end user, which leaves an audit record. Raises InvalidInput."""
        user, tenant_id = check_end_user("end_user", end_user), principal.tenant_id

        def read(session: Session) -> Changed[EndUserData]:
            data = EndUserData(
                preferences.read_preferences(session, tenant_id, user),
                wardrobe.all_entries(session, tenant_id, user),
                feedback.list_feedback(session, tenant_id, user),
                sorted(suggested_outfits.recent_outfits(session, tenant_id, user, 0)),
            )
            return data, Change(EXPORTED, {}, {"entries": len(data.wardrobe)}, end_user=user)

        return await self._trail.write(principal, read)

    # Outfits that were shown

    async def shown_lately(self, principal: Principal, end_user: str, days: int) -> frozenset[str]:
        """The hashes of the outfits that an end user was shown in the last days. Raises InvalidInput."""
        user, since_us = check_end_user("end_user", end_user), now_us() - days * _DAY_US
        return await self._database.read(
            lambda session: suggested_outfits.recent_outfits(session, principal.tenant_id, user, since_us)
        )

    async def remember_shown(
        self, principal: Principal, end_user: str, outfits: Collection[Collection[str]]
    ) -> None:
        """An end user is shown these outfits, by the ids of their items, now. Raises InvalidInput."""
        user, digests, moment_us = check_end_user("end_user", end_user), map(outfit_digest, outfits), now_us()
        shown = list(digests)
        await self._database.write(
            lambda session: suggested_outfits.remember_outfits(
                session, principal.tenant_id, user, shown, moment_us
            )
        )


def _in_version(
    session: Session, tenant_id: str, end_user: str, known: Preferences, opinion: NewOpinion
) -> Preferences:
    """With a direction of the opinion's version: another is made anew of the feedback that is kept."""
    version = opinion.version
    if known.direction is None or known.direction.version == version:
        return known
    kept = feedback.item_weights(session, tenant_id, end_user)
    vectors = read_embeddings(session, tenant_id, [each.item_id for each in kept], version)
    signals = [
        Signal(each.create_us, each.weight, Appearance(vector=vectors.get(each.item_id))) for each in kept
    ]
    return known.with_direction(signals, version, opinion.half_life_us)


def _keep(session: Session, tenant_id: str, new: NewFeedback, moment_us: int) -> None:
    feedback.insert_feedback(session, tenant_id, new, moment_us)
    feedback.prune_feedback(session, tenant_id, new.end_user)
    if new.kind is FeedbackKind.WEAR:
        wardrobe.count_wear(session, tenant_id, new.end_user, new.item_ids, moment_us)
