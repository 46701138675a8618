from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domain.errors import ArtifactError, Unavailable
from models.manifest import Manifest, file_sha256
from services.catalog.options import CatalogOptions
from services.edge.bulk_streams import BulkOptions, BulkStreams
from services.host.catalog_part import CatalogPart
from services.host.composition import application_options
from services.host.learned_scorer import load_scorer
from services.host.outfit_scorer import HostedOutfitScorer, OutfitScorerOptions
from services.inference.batching.batcher import BatchRun
from settings import OutfitSettings, Settings
from tests.classifier_artifact import write_classifier
from tests.outfit_artifact import write_outfit_scorer


async def no_crop(_tenant_id: str, _item_id: str) -> bytes | None:
    raise AssertionError("a scorer of sets reads no crops")


async def test_sets_of_several_calls_run_in_batches(tmp_path: Path) -> None:
    runs: list[BatchRun] = []
    options = OutfitScorerOptions(write_outfit_scorer(tmp_path / "scorer"), 0.3)
    scorer = await load_scorer(options, no_crop, runs.append)
    assert isinstance(scorer, HostedOutfitScorer)
    first, second = np.eye(4, dtype=np.float32)[:2]
    found = await asyncio.gather(
        scorer.probabilities([[(first, "top"), (second, "shoes")], [(second, "top"), (second, "shoes")]]),
        scorer.probabilities([[(first, "top"), (first, "bottom")]]),
    )
    np.testing.assert_allclose(np.concatenate(found), 1 / (1 + np.exp([-1, 0, -2])), atol=1e-6)
    assert scorer.embedder == "tiny-embedder"
    assert sum(run.rows for run in runs) == 3
    assert {(run.model, run.version.partition("-")[0]) for run in runs} == {("outfit", "tiny")}
    await scorer.close()
    with pytest.raises(Unavailable):
        await scorer.probabilities([[(first, "top"), (second, "shoes")]])


async def test_what_is_no_scorer_of_outfits_is_refused(tmp_path: Path) -> None:
    other = OutfitScorerOptions(write_classifier(tmp_path / "classifier"), 0.3)
    with pytest.raises(
        ArtifactError, match="holds a model for 'classify'; one for 'score' or 'compare' is needed"
    ):
        await load_scorer(other, no_crop)
    small = OutfitScorerOptions(write_outfit_scorer(tmp_path / "small", max_items=4), 0.3)
    with pytest.raises(ArtifactError, match="cannot score sets of 12 items of all slots"):
        await load_scorer(small, no_crop)


async def test_outputs_are_compared_with_those_at_export(tmp_path: Path) -> None:
    folder = write_outfit_scorer(tmp_path / "scorer")
    path = folder / "golden.npz"
    with np.load(path) as arrays:
        changed = {name: array + 0.1 if name == "outfit_outputs" else array for name, array in arrays.items()}
    np.savez(path, **changed)
    manifest = Manifest.from_json((folder / "manifest.json").read_bytes())
    files = manifest.files | {"golden.npz": file_sha256(path)}
    (folder / "manifest.json").write_text(replace(manifest, files=files).to_json())
    with pytest.raises(ArtifactError, match="golden probabilities differ"):
        await load_scorer(OutfitScorerOptions(folder, 0.3), no_crop)
    unverified = await load_scorer(OutfitScorerOptions(folder, 0.3, verify_golden=False), no_crop)
    await unverified.close()


def test_the_settings_name_it(tmp_path: Path) -> None:
    folder = write_outfit_scorer(tmp_path / "scorer")
    settings = Settings(home=tmp_path, outfits=OutfitSettings(scorer=str(folder), scorer_share=0.2))
    options = application_options(settings, models=False, catalog=True).outfit_scorer
    assert options is not None
    assert (options.folder, options.share, options.batching.max_batch) == (folder, 0.2, 64)
    assert application_options(settings, models=True, catalog=False).outfit_scorer is None
    assert application_options(Settings(home=tmp_path), models=False, catalog=True).outfit_scorer is None


async def test_the_part_of_the_catalogue_opens_and_closes_it(tmp_path: Path) -> None:
    def options() -> CatalogOptions:
        raise AssertionError("the catalogue itself is not opened")

    given = OutfitScorerOptions(write_outfit_scorer(tmp_path / "scorer"), 0.3)
    part = CatalogPart(options, tmp_path, BulkStreams(BulkOptions()), outfit_scorer=given)
    assert await part._learned() is not None
    scorer = part._scorer
    assert scorer is not None
    await part.close()
    with pytest.raises(Unavailable):
        await scorer.probabilities([[(np.eye(4, dtype=np.float32)[0], "top")] * 2])
    assert await CatalogPart(options, tmp_path, BulkStreams(BulkOptions()))._learned() is None
