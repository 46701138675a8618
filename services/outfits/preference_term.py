"""How well an outfit suits an end user, as one more term of its score."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from domain.preference_rules import Facet
from services.outfits.piece import Piece
from services.outfits.scorer import PREFERENCE, Term
from services.outfits.taste import Affinity

_TOLD = 0.1
"""From which value on, either way, the term has a reason."""
_WORDS = {
    Facet.STYLE: "{word} pieces",
    Facet.PATTERN: "{word} pieces",
    Facet.FIT: "{word} fits",
    Facet.EMBEDDING: "what looks like the {type}",
}
"""What is liked, where that is not the word itself."""


class PreferenceTerm:
    """Adds at most its share to a score, or takes it away, so it leaves nothing out; 0 for pieces of which
    nothing is known.
    """

    def __init__(self, affinities: Mapping[str, Affinity], share: float, given: Collection[str] = ()) -> None:
        """`affinities` are by the id of the item; the items that are `given`, such as those that an outfit is
        made around, do not count.
        """
        self._affinities = affinities
        self._share = share
        self._given = frozenset(given)

    def __call__(self, pieces: Sequence[Piece]) -> Term:
        """The value is the mean of the pieces, -1 to 1."""
        known = [
            (self._affinities.get(piece.item_id, Affinity()), piece)
            for piece in pieces
            if piece.item_id not in self._given
        ]
        value = sum(affinity.value for affinity, _ in known) / max(1, len(known))
        reason = ""
        if abs(value) >= _TOLD:
            affinity, piece = max(known, key=lambda each: each[0].value * value)
            reason = _reason(affinity, piece, likes=value > 0)
        return Term(PREFERENCE, value, self._share, reason)


def _reason(affinity: Affinity, piece: Piece, *, likes: bool) -> str:
    template = _WORDS.get(affinity.facet or Facet.EMBEDDING, "{word}")
    words = template.format(word=affinity.word, type=piece.type.name)
    return f"you like {words}" if likes else f"you tend not to like {words}"
