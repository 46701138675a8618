"""People with hidden tastes, who give feedback on pieces, and how well rankings suit them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from domain.preference_rules import Facet, FeedbackKind, PreferenceRules
from domain.preferences import Appearance, Preferences, Signal, Traits
from domain.taxonomy import Taxonomy
from domain.types import FloatArray, ModelVersion
from services.outfits.piece import Piece
from services.outfits.preference_term import PreferenceTerm
from services.outfits.scorer import Occasion, Scorer
from services.outfits.taste import Taste

VERSION = ModelVersion("simulated", "none")
HOUR_US = 3_600_000_000
_WIDTH = 32
_BRANDS = tuple(f"brand {number}" for number in range(12))
_STYLES = ("casual", "formal", "sporty", "business", "party", "streetwear")
_PATTERNS = ("plain", "plain", "plain", "striped", "checked", "floral")
_SPREAD = {
    Facet.TYPE: 0.7,
    Facet.CATEGORY: 0.5,
    Facet.COLOR: 1.0,
    Facet.STYLE: 0.7,
    Facet.PATTERN: 0.6,
    Facet.BRAND: 0.6,
}
"""How much the tastes of people differ in each facet."""
_OF_EMBEDDING = 1.0
_MOOD = 0.5
"""The spread of what is added to each judgement by chance; the taste itself has a spread of 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Rack:
    """Pieces with what tastes see of each, in the same order."""

    pieces: tuple[Piece, ...]
    seen: tuple[Appearance, ...]

    def part(self, indices: Sequence[int]) -> Rack:
        return Rack(tuple(self.pieces[i] for i in indices), tuple(self.seen[i] for i in indices))

    @property
    def vectors(self) -> FloatArray:
        """(N, D), zeros where there is none."""
        width = next((each.vector.size for each in self.seen if each.vector is not None), 1)
        rows = [np.zeros(width, np.float32) if each.vector is None else each.vector for each in self.seen]
        return np.stack(rows)


def random_rack(size: int, taxonomy: Taxonomy, seed: int) -> Rack:
    """Pieces of all types; those of one type and colour have embeddings that are alike."""
    dice, numbers = random.Random(seed), np.random.default_rng(seed)
    centres = {
        name: numbers.normal(size=_WIDTH)
        for name in (*(each.name for each in taxonomy.garment_types), *taxonomy.colors)
    }
    pieces, seen = [], []
    for index in range(size):
        kind, color = dice.choice(taxonomy.garment_types), dice.choice(list(taxonomy.colors))
        pattern, style, brand = dice.choice(_PATTERNS), dice.choice(_STYLES), dice.choice(_BRANDS)
        vector = centres[kind.name] + 0.5 * centres[color] + numbers.normal(size=_WIDTH)
        unit = (vector / np.linalg.norm(vector)).astype(np.float32)
        pieces.append(Piece(f"piece-{index}", kind, color, pattern, kind.formality, unit))
        traits = {
            Facet.CATEGORY: (kind.category,),
            Facet.TYPE: (kind.name,),
            Facet.COLOR: (color,),
            Facet.STYLE: (style,),
            Facet.PATTERN: (pattern,),
            Facet.BRAND: (brand,),
        }
        seen.append(Appearance({facet: values for facet, values in traits.items() if values[0]}, unit))
    return Rack(tuple(pieces), tuple(seen))


class SimulatedUser:
    """Likes pieces by values of their facets and by a direction among their embeddings, all of which no
    ranking is told.
    """

    def __init__(self, rack: Rack, seed: int) -> None:
        """The pieces of the rack are the world of the user: what they like is relative to these."""
        self._numbers = np.random.default_rng(seed)
        self._words: dict[tuple[Facet, str], float] = {}
        for each in rack.seen:
            for facet, values in each.traits.items():
                for value in values:
                    drawn = float(self._numbers.normal()) * _SPREAD.get(facet, 0.0)
                    self._words.setdefault((facet, value), drawn)
        self._direction = self._numbers.normal(size=rack.vectors.shape[1])
        raw = self._raw(rack)
        self._mean, self._scale = float(raw.mean()), float(raw.std())
        self._bounds = np.quantile(self.tastes(rack), [0.3, 0.65, 0.9])

    def tastes(self, rack: Rack) -> npt.NDArray[np.float64]:
        """(N,): how well the user likes each piece, of mean 0 and spread 1 in their world."""
        tastes: npt.NDArray[np.float64] = (self._raw(rack) - self._mean) / self._scale
        return tastes

    def judge(self, rack: Rack) -> list[FeedbackKind]:
        """What the user does with each piece: the best are worn, the next liked, the worst disliked."""
        felt = self.tastes(rack) + self._numbers.normal(size=len(rack.pieces)) * _MOOD
        kinds = (FeedbackKind.DISLIKE, FeedbackKind.SKIP, FeedbackKind.LIKE, FeedbackKind.WEAR)
        return [kinds[int(np.searchsorted(self._bounds, value))] for value in felt]

    def _raw(self, rack: Rack) -> npt.NDArray[np.float64]:
        of_words = np.array([self._of_words(each.traits) for each in rack.seen])
        along = rack.vectors @ self._direction
        spread = float(along.std()) or 1.0
        raw: npt.NDArray[np.float64] = of_words + _OF_EMBEDDING * (along - along.mean()) / spread
        return raw

    def _of_words(self, traits: Traits) -> float:
        known = ((facet, value) for facet, values in traits.items() for value in values)
        return sum(self._words.get(key, 0.0) for key in known)


def learned(
    rack: Rack, judged: Sequence[FeedbackKind], rules: PreferenceRules, start: Preferences = Preferences()
) -> Preferences:
    """The preferences after feedback on each piece, one an hour."""
    preferences = start
    for index, (each, kind) in enumerate(zip(rack.seen, judged, strict=True)):
        signal = Signal(index * HOUR_US, rules.weights[kind], each)
        preferences = preferences.plus(signal, VERSION, rules.half_life_us)
    return preferences


def ranked(
    base: Piece,
    rack: Rack,
    plain: npt.NDArray[np.float64],
    preferences: Preferences,
    rules: PreferenceRules,
) -> npt.NDArray[np.int64]:
    """Indices of the pieces, those that complete the base best for the user first.

    `plain` has the score of the base with each piece, as `plain_scores`.
    """
    found = Taste(preferences, rules).affinities(rack.seen)
    affinities = {piece.item_id: each for piece, each in zip(rack.pieces, found, strict=True)}
    adjust = PreferenceTerm(affinities, rules.share, {base.item_id})
    scores = plain + np.array([adjust((base, piece)).points for piece in rack.pieces])
    order: npt.NDArray[np.int64] = np.argsort(-scores, kind="stable")
    return order


def plain_scores(base: Piece, rack: Rack, scorer: Scorer) -> npt.NDArray[np.float64]:
    """(N,): how well the base and each piece go together, whoever asks."""
    return scorer.scores([(base, piece) for piece in rack.pieces], Occasion())


def ndcg(order: npt.NDArray[np.int64], tastes: npt.NDArray[np.float64], top_k: int = 10) -> float:
    """Of a ranking by a user's tastes: the best 5 % of the pieces have a gain of 7, the next 10 % of 3, the
    next 20 % of 1.

    Source: normalized discounted cumulative gain (Järvelin and Kekäläinen 2002), gains 2^relevance - 1.
    """
    bounds = np.quantile(tastes, [0.65, 0.85, 0.95])
    gains = 2.0 ** np.searchsorted(bounds, tastes) - 1.0
    discounts = 1.0 / np.log2(np.arange(2, top_k + 2))
    best = np.sort(gains)[::-1][:top_k]
    return float((gains[order[:top_k]] * discounts).sum() / (best * discounts).sum())


@dataclass(frozen=True, slots=True)
class Trial:
    """One user: NDCG@10 after each number of feedbacks, among pieces that they gave none on."""

    user: int
    after: Mapping[int, float]


def trial(
    rack: Rack,
    scorer: Scorer,
    rules: PreferenceRules,
    user_seed: int,
    counts: Sequence[int],
    bases: int = 5,
    *,
    shuffled: bool = False,
) -> Trial:
    """Half of the pieces are judged by the user, in a random order; the other half is ranked for several
    bases. With `shuffled`, the judgements are on other pieces than were looked at, and so say nothing.
    """
    dice = random.Random(user_seed)
    indices = list(range(len(rack.pieces)))
    dice.shuffle(indices)
    half = len(indices) // 2
    shown, kept = rack.part(indices[:half]), rack.part(indices[half:])
    user = SimulatedUser(rack, user_seed)
    judged, tastes = user.judge(shown), user.tastes(kept)
    if shuffled:
        dice.shuffle(judged)
    chosen = dice.sample(shown.pieces, bases)
    plain = [plain_scores(base, kept, scorer) for base in chosen]
    after = {}
    for count in counts:
        known = learned(shown.part(range(count)), judged[:count], rules)
        orders = [ranked(base, kept, of, known, rules) for base, of in zip(chosen, plain, strict=True)]
        after[count] = float(np.mean([ndcg(order, tastes) for order in orders]))
    return Trial(user_seed, after)
