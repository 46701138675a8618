from __future__ import annotations

import numpy as np

from services.catalog.vectors.vector_blocks import VectorBlocks


def test_vectors_of_several_blocks_are_scored_and_read_as_one_matrix_would() -> None:
    random = np.random.default_rng(1)
    blocks, kept = VectorBlocks(16, 10), random.normal(size=(9000, 16)).astype(np.float32)
    for start in range(0, 9000, 700):
        chunk = kept[start : start + 700]
        blocks.reserve(start + len(chunk))
        blocks.write(np.arange(start, start + len(chunk)), chunk)
    places = random.permutation(9000)[:500]
    changed = random.normal(size=(500, 16)).astype(np.float32)
    blocks.write(places, changed)
    kept[places] = changed
    queries = random.normal(size=(3, 16)).astype(np.float32)
    for count in (0, 5, 10, 11, 4106, 9000):
        np.testing.assert_allclose(blocks.scores(queries, count), queries @ kept[:count].T, atol=1e-4)
    assert np.array_equal(blocks.read(places), changed)
    assert 9000 <= blocks.capacity <= 1.25 * 9000 + 4096
