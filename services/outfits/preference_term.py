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
        counted = {item_id: each for item_id, each in affinities.items() if item_id not in given}
        self._values = {item_id: each.value for item_id, each in counted.items()}
        self._affinities = counted
        self._share = share
        self._given = frozenset(given)

    def __call__(self, pieces: Sequence[Piece]) -> Term:
        """The value is the mean of the pieces, -1 to 1."""
        values, given = self._values, self._given
        known = [values.get(piece.item_id, 0.0) for piece in pieces if piece.item_id not in given]
        value = sum(known) / len(known) if known else 0.0
        reason = self._reason(pieces, value) if abs(value) >= _TOLD else ""
        return Term(PREFERENCE, value, self._share, reason)

    def _reason(self, pieces: Sequence[Piece], value: float) -> str:
        """What the piece is liked for, or not, that says most."""
        known = (piece for piece in pieces if piece.item_id in self._values)
        piece = max(known, key=lambda each: self._values[each.item_id] * value)
        return _reason(self._affinities[piece.item_id], piece, likes=value > 0)


def _reason(affinity: Affinity, piece: Piece, *, likes: bool) -> str:
    template = _WORDS.get(affinity.facet or Facet.EMBEDDING, "{word}")
    words = template.format(word=affinity.word, type=piece.type.name)
    return f"you like {words}" if likes else f"you tend not to like {words}"
