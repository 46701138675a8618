"""How many pixels tenants may send in any minute."""

from __future__ import annotations

from typing import Protocol


class PixelRates(Protocol):
    """Counts the pixels that tenants ask to work on."""

    def limits_pixels(self, tenant_id: str, /) -> bool:
        """Whether the tenant may not send as many as it likes, so that they have to be counted."""
        ...

    async def take_pixels(self, tenant_id: str, pixels: int, /) -> None:
        """Count the pixels of a call, before work on them begins; all of them or none.

        Raises:
            Overloaded: the tenant has sent too many in the last minute.
            InvalidInput: they are more than the tenant may send in any minute; the field is "".
            Unavailable: the store that counts does not answer.
        """
        ...


class NoPixelRates:
    """No tenant is limited."""

    def limits_pixels(self, tenant_id: str) -> bool:
        """See `PixelRates`."""
        return False

    async def take_pixels(self, tenant_id: str, pixels: int) -> None:
        """See `PixelRates`."""


NO_PIXEL_RATES = NoPixelRates()
