"""What a candidate must have shown before it becomes the default."""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import FailedPrecondition, InvalidInput
from services.shadow.figures import ShadowFigures


@dataclass(frozen=True, slots=True)
class ShadowRequirement:
    """At least so many garments, so large a share of them with the same category, and so large an overlap."""

    min_garments: int = 1
    min_label_agreement: float = 0.0
    min_overlap: float = 0.0

    def check(self, version: str, live: str, figures: ShadowFigures | None) -> None:
        """Require that a version has been compared with the live one, and well enough.

        Raises:
            InvalidInput: a figure is out of its range.
            FailedPrecondition: it has not.
        """
        self._check_ranges()
        if figures is None or figures.candidate.model_version != version:
            raise _not_met(f"{version} has not been compared: point the alias 'shadow' to it first")
        if figures.live.model_version != live:
            raise _not_met(
                f"{version} has been compared with {figures.live.model_version}, {live} is live now"
            )
        for name, found, least in (
            ("garments", figures.garments, self.min_garments),
            ("label agreement", figures.label_agreement, self.min_label_agreement),
            ("overlap@10", figures.overlap, self.min_overlap),
        ):
            if found < least:
                raise _not_met(
                    f"{version} has {name} {found:.4g} after {figures.photos} photos, not {least:g}"
                )

    def _check_ranges(self) -> None:
        if self.min_garments < 1:
            raise InvalidInput("required_shadow.min_garments", f"must be at least 1, got {self.min_garments}")
        for name in ("min_label_agreement", "min_overlap"):
            if not 0.0 <= (value := getattr(self, name)) <= 1.0:
                raise InvalidInput(f"required_shadow.{name}", f"must be from 0 to 1, got {value:g}")


def _not_met(message: str) -> FailedPrecondition:
    return FailedPrecondition(message, reason="SHADOW_REQUIREMENT_NOT_MET")
