"""The sentence that says why an outfit has its score."""

from __future__ import annotations

from collections.abc import Sequence

from services.outfits.piece import Piece
from services.outfits.scorer import PREFERENCE, OutfitScore, Term

_GOOD = 0.85
"""The least value of a term that is told as what is good."""
_TOLD = 0.08
"""What a term takes from the score when it is told."""
_MOST_WEAK = 3
_NAMED = 3


def explain(pieces: Sequence[Piece], score: OutfitScore) -> str:
    """The pieces, the term that adds most, those that take most away, and what an end user likes; made from
    the terms alone.
    """
    told = [term for term in score.terms if term.reason and term.share and term.name != PREFERENCE]
    good = max((term for term in told if term.value >= _GOOD), key=_points, default=None)
    weak = sorted(
        (term for term in told if term.taken >= _TOLD and term is not good), key=_taken, reverse=True
    )
    clauses = [term.reason for term in ([good] if good else []) + weak[:_MOST_WEAK]]
    if not clauses and told:
        clauses = [max(told, key=_points).reason]
    clauses += [term.reason for term in score.terms if term.name == PREFERENCE and term.reason]
    names = _names(pieces)
    return f"{names}: {'; '.join(clauses)}." if clauses else f"{names}."


def _points(term: Term) -> float:
    return term.points


def _taken(term: Term) -> float:
    return term.taken


def _names(pieces: Sequence[Piece]) -> str:
    """The first pieces by name, and how many more there are."""
    names = [piece.name for piece in pieces]
    if len(names) > _NAMED + 1:
        names = [*names[:_NAMED], f"{len(names) - _NAMED} more pieces"]
    text = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return text[:1].upper() + text[1:]
