"""What tastes see of pieces."""

from __future__ import annotations

from domain.preference_rules import Facet
from domain.preferences import Appearance
from domain.taxonomy import Taxonomy
from services.outfits.piece import Piece


def appearance_of(piece: Piece, taxonomy: Taxonomy) -> Appearance:
    """A colour counts with its family."""
    colors = tuple(dict.fromkeys([piece.color, taxonomy.family_of(piece.color)])) if piece.color else ()
    known = {
        Facet.CATEGORY: (piece.category,),
        Facet.TYPE: (piece.type.name,),
        Facet.COLOR: colors,
        Facet.STYLE: (piece.style,),
        Facet.PATTERN: (piece.pattern,),
        Facet.FIT: (piece.fit,),
        Facet.BRAND: (piece.brand,),
    }
    traits = {facet: values for facet, values in known.items() if values and values[0]}
    return Appearance(traits, piece.embedding)
