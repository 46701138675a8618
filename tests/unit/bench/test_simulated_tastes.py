"""Rankings learn hidden tastes from feedback, and learn nothing from what says nothing."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from bench.simulated_tastes import (
    SimulatedUser,
    Trial,
    learned,
    ndcg,
    plain_scores,
    random_rack,
    ranked,
    trial,
)
from domain.outfit_rules import OutfitRules
from domain.preference_rules import FeedbackKind, PreferenceRules
from domain.preferences import Preferences
from domain.taxonomy import Taxonomy
from services.outfits.rule_scorer import RuleScorer
from settings import ROOT

USERS = 12


@cache
def taxonomy() -> Taxonomy:
    return Taxonomy.load(ROOT / "domain/taxonomy.toml")


@cache
def scorer() -> RuleScorer:
    return RuleScorer(OutfitRules.load(ROOT / "domain/outfit_rules.toml", taxonomy()), taxonomy())


@cache
def rules() -> PreferenceRules:
    return PreferenceRules.load(ROOT / "domain/preference_rules.toml")


@cache
def trials() -> tuple[Trial, ...]:
    rack = random_rack(240, taxonomy(), seed=1)
    return tuple(trial(rack, scorer(), rules(), user, (0, 10, 20), bases=2) for user in range(USERS))


def mean_after(count: int) -> float:
    return float(np.mean([each.after[count] for each in trials()]))


def test_twenty_feedbacks_rank_better_by_a_tenth_at_least() -> None:
    assert mean_after(10) > mean_after(0)
    assert mean_after(20) >= 1.1 * mean_after(0)
    assert mean_after(20) > mean_after(10)


def test_without_feedback_the_ranking_is_the_scorers() -> None:
    rack = random_rack(60, taxonomy(), seed=2)
    base, kept = rack.pieces[0], rack.part(range(1, 60))
    plain = plain_scores(base, kept, scorer())
    order = ranked(base, kept, plain, Preferences(), rules())
    assert order.tolist() == np.argsort(-plain, kind="stable").tolist()


def test_judgements_of_other_pieces_help_less() -> None:
    rack = random_rack(240, taxonomy(), seed=1)
    shuffled = [
        trial(rack, scorer(), rules(), user, (0, 20), bases=2, shuffled=True) for user in range(USERS)
    ]
    gains = [each.after[20] - each.after[0] for each in shuffled]
    assert float(np.mean(gains)) < (mean_after(20) - mean_after(0)) / 3


def test_judgements_that_say_nothing_of_pieces_change_no_order() -> None:
    rack = random_rack(60, taxonomy(), seed=3)
    everything = [FeedbackKind.LIKE, FeedbackKind.DISLIKE] * 20
    twice = rack.part([index for index in range(20) for _ in range(2)])
    known = learned(twice, everything, rules())
    scores = {value.score for tallies in known.tallies.values() for value in tallies.values()}
    assert max(map(abs, scores)) < 0.01


def test_users_judge_by_their_tastes() -> None:
    rack = random_rack(200, taxonomy(), seed=4)
    user = SimulatedUser(rack, 1)
    tastes, judged = user.tastes(rack), user.judge(rack)
    means = {
        kind: float(np.mean([taste for taste, said in zip(tastes, judged, strict=True) if said is kind]))
        for kind in FeedbackKind
    }
    assert means[FeedbackKind.DISLIKE] < means[FeedbackKind.SKIP] < means[FeedbackKind.LIKE]
    assert means[FeedbackKind.LIKE] < means[FeedbackKind.WEAR]


def test_ndcg() -> None:
    tastes = np.arange(40.0)
    assert ndcg(np.argsort(-tastes), tastes) == pytest.approx(1.0)
    assert ndcg(np.argsort(tastes), tastes) == 0.0
