from __future__ import annotations

import numpy as np

from imaging.cluster import cluster


def test_finds_separate_groups() -> None:
    random = np.random.default_rng(0)
    truth = np.repeat([[0, 0, 0], [50, 0, 0], [0, 80, 10]], [400, 200, 100], axis=0)
    points = (truth + random.normal(0, 1, truth.shape)).astype(np.float32)
    labels, centers = cluster(points, np.ones(len(points), np.float32), 3, 20, seed=1)
    np.testing.assert_allclose(centers[labels], truth, atol=1.0)


def test_weights_move_the_centre() -> None:
    points = np.array([[0, 0, 0], [10, 0, 0]], np.float32)
    _, centers = cluster(points, np.array([3, 1], np.float32), 1, 10, seed=1)
    np.testing.assert_allclose(centers, [[2.5, 0, 0]], atol=1e-5)


def test_fewer_points_than_clusters() -> None:
    points = np.array([[0, 0, 0], [10, 0, 0], [10, 0, 0]], np.float32)
    labels, centers = cluster(points, np.ones(3, np.float32), 5, 10, seed=1)
    np.testing.assert_array_equal(centers[labels], points)
    assert len(centers) == 2


def test_same_points_same_answer_whatever_was_drawn_before() -> None:
    points = np.random.default_rng(0).uniform(0, 100, (500, 3)).astype(np.float32)
    weights = np.ones(500, np.float32)
    first = cluster(points, weights, 5, 12, seed=1)
    np.random.default_rng().random(10)
    second = cluster(points, weights, 5, 12, seed=1)
    np.testing.assert_array_equal(first[0], second[0])
    np.testing.assert_array_equal(first[1], second[1])
