"""Ids of end users: whom the callers serve."""

from __future__ import annotations

from domain.errors import InvalidInput

MAX_END_USER_CHARS = 128
END_USER_RULE = f"must be 1 to {MAX_END_USER_CHARS} printable ASCII characters, without blanks at its ends"


def check_end_user(field: str, given: object) -> str:
    """The id of an end user. Raises InvalidInput if it is none that is taken."""
    if not (isinstance(given, str) and given.isascii() and given.isprintable() and given.strip() == given):
        raise InvalidInput(field, END_USER_RULE)
    if not 0 < len(given) <= MAX_END_USER_CHARS:
        raise InvalidInput(field, f"{END_USER_RULE}, got {len(given)}")
    return given
