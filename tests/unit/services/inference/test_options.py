from __future__ import annotations

from dataclasses import replace

import pytest

from models.providers import Provider
from services.inference.options import InferenceOptions
from services.inference.remote_sessions.address import RemoteAddress


@pytest.mark.parametrize(("slots", "provider", "threads"), [(1, "cpu", 0), (2, "cpu", 4), (2, "cuda", 0)])
def test_only_one_of_several_slots_can_be_alone(
    options: InferenceOptions, slots: int, provider: Provider, threads: int
) -> None:
    assert (
        replace(options, slots=slots, provider=provider, exclusive_threads=4).exclusive_thread_count()
        == threads
    )
    same = replace(options, slots=slots, provider=provider, exclusive_threads=4, intra_op_threads=4)
    assert same.exclusive_thread_count() == 0


@pytest.mark.parametrize(
    ("provider", "threads", "bulk"), [("cpu", 1, 1), ("cpu", 2, 1), ("cpu", 8, 4), ("cuda", 8, 8)]
)
def test_bulk_pixel_work_leaves_room_where_models_share_the_cores(
    options: InferenceOptions, provider: Provider, threads: int, bulk: int
) -> None:
    options = replace(options, provider=provider, threads=threads)
    assert (options.pixel_threads(), options.bulk_pixel_threads()) == (threads, bulk)


def test_model_servers_run_the_models_of_the_settings_and_no_others(options: InferenceOptions) -> None:
    server = RemoteAddress("models:8001", "image")
    options = replace(options, remote={"image": server}, configured={"embed": "a:latest"})
    assert options.remote_graphs("embed", "a:latest") == {"image": server}
    assert options.remote_graphs("embed", "b:latest") == {}
    assert options.remote_graphs("detect", "a:latest") == {}
