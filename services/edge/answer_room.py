"""The room that an answer has: gRPC sends no larger message."""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import InvalidInput

FRAME_BYTES, MARGIN_BYTES = 16, 2**16
"""What the answer has beside each part, and for the errors of the parts that did not fit."""


@dataclass(slots=True)
class AnswerRoom:
    """Adds up the parts of an answer, of which `max_bytes` may be sent."""

    max_bytes: int
    used: int = 0

    def take(self, size_bytes: int) -> None:
        """Add a part.

        Raises:
            InvalidInput: it does not fit; the field is "include_crops", since crops make parts large.
        """
        needed = self.used + size_bytes + FRAME_BYTES
        if needed > self.max_bytes - MARGIN_BYTES:
            raise answer_too_large("include_crops", needed, self.max_bytes)
        self.used = needed


def answer_too_large(field: str, size_bytes: int, max_bytes: int) -> InvalidInput:
    """The error of a request whose answer would have `size_bytes`."""
    return InvalidInput(
        field,
        f"the answer would have {size_bytes} bytes; at most {max_bytes} are sent: ask for less at a time, or "
        "for no crops",
        reason="ANSWER_TOO_LARGE",
        metadata={"max_message_bytes": str(max_bytes)},
    )
