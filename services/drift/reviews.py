"""How often people agree with the models, read over the public API."""

from __future__ import annotations

from collections.abc import Sequence

from armoire import AsyncClient
from services.drift.agreement import Agreed, AgreementChange, agreement_changes
from services.drift.window import Window


async def read_agreements(
    client: AsyncClient, reference: Window, current: Window
) -> Sequence[AgreementChange]:
    """By attribute and version, on the items that people have decided on in each window.

    Raises:
        ArmoireError of the client: the server has no catalogue, or the caller may not review.
    """
    return agreement_changes(await _agreed(client, reference), await _agreed(client, current))


async def _agreed(client: AsyncClient, window: Window) -> dict[tuple[str, str], Agreed]:
    found = await client.get_review_statistics(
        created_from=window.since, created_before=window.until, agreement_in_time=True
    )
    return {
        (each.attribute, each.model_version): Agreed(each.reviewed, each.agreed) for each in found.agreements
    }
