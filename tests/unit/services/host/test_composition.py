"""What the settings of a process rule out."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from domain.errors import FailedPrecondition
from services.host.composition import (
    application_options,
    build_worker,
    catalog_limits,
    remote_addresses,
    s3_keys,
)
from services.host.metrics.prometheus import NoMetrics
from settings import CatalogSettings, GrpcSettings, LimitSettings, ModelSettings, Settings


@pytest.mark.parametrize(
    ("grpc", "complaint"),
    [
        (GrpcSettings(port=0), "ARMOIRE_GRPC__PORT must not be 0"),
        (GrpcSettings(socket="/run/armoire.sock"), "ARMOIRE_GRPC__SOCKET must not be set"),
    ],
)
def test_edges_share_one_port_and_no_socket(tmp_path: Path, grpc: GrpcSettings, complaint: str) -> None:
    settings = Settings(home=tmp_path, grpc=grpc)
    with pytest.raises(FailedPrecondition, match=complaint):
        application_options(settings, models=True, catalog=True, edge=True)
    alone = application_options(settings, models=True, catalog=True)
    assert (alone.grpc.address, alone.grpc.socket) == (f"127.0.0.1:{grpc.port}", grpc.socket)


def test_the_catalog_tells_the_limit_of_messages_that_is_set(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, grpc=GrpcSettings(max_message_mb=5))
    assert catalog_limits(settings).max_message_bytes == 5 * 2**20


def test_options_show_no_secret(tmp_path: Path) -> None:
    url = "postgresql://armoire:S3cret@db/armoire"
    catalog = CatalogSettings(
        database_url=SecretStr(url),
        milvus_uri=SecretStr("http://root:S3cret@milvus:19530"),
        inference_key=SecretStr("S3cret"),
        s3_access_key_id=SecretStr("S3cret"),
        s3_secret_access_key=SecretStr("S3cret"),
    )
    limits = LimitSettings(rate_store=SecretStr("redis://:S3cret@redis"))
    settings = Settings(home=tmp_path, catalog=catalog, limits=limits)
    options = application_options(settings, models=True, catalog=True)
    assert options.access.database_url == url
    assert options.catalog is not None
    stores = options.catalog()
    assert (stores.database_url, stores.s3_keys) == (url, ("S3cret", "S3cret"))
    assert "S3cret" not in f"{options} {stores}"


def test_s3_needs_both_parts_of_a_key(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, catalog=CatalogSettings(s3_access_key_id=SecretStr("id")))
    with pytest.raises(FailedPrecondition, match="needs both"):
        s3_keys(settings)


def test_model_servers_get_the_key_and_those_beyond_the_machine_tls(tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    ca_file.write_bytes(b"a CA")
    models = ModelSettings(
        remote_detector="grpc://models:8001/detector",
        remote_image_encoder="unix:///run/oip.sock/image_encoder",
        remote_key="secret",
        remote_ca_file=str(ca_file),
    )
    addresses = remote_addresses(Settings(home=tmp_path, models=models))
    assert {graph: (each.key, each.ca) for graph, each in addresses.items()} == {
        "detector": ("secret", b"a CA"),
        "image": ("secret", None),
    }
    assert "secret" not in f"{addresses['detector']} {addresses!r}"
    gone = models.model_copy(update={"remote_ca_file": str(tmp_path / "gone.pem")})
    with pytest.raises(FailedPrecondition, match="ARMOIRE_MODELS__REMOTE_CA_FILE"):
        remote_addresses(Settings(home=tmp_path, models=gone))


SHARED = CatalogSettings(
    database_url=SecretStr("postgresql://db/armoire"),
    milvus_uri=SecretStr("http://milvus:19530"),
    blob_url="/mnt/blobs",
)


@pytest.mark.parametrize(
    ("change", "lacking"),
    [
        ({"database_url": SecretStr("sqlite:////mnt/catalog.db")}, "DATABASE_URL"),
        ({"milvus_uri": SecretStr("file:///mnt/vectors.db")}, "MILVUS_URI"),
        ({"blob_url": ""}, "BLOB_URL"),
    ],
)
def test_a_worker_and_a_catalogue_without_workers_refuse_stores_of_one_process(
    tmp_path: Path, change: dict[str, object], lacking: str
) -> None:
    stores = SHARED.model_copy(update=change)
    with pytest.raises(FailedPrecondition, match=f"a Worker shares.* Set ARMOIRE_CATALOG__{lacking}$"):
        build_worker(Settings(home=tmp_path, catalog=stores), NoMetrics())
    idle = Settings(home=tmp_path, catalog=stores.model_copy(update={"workers": 0}))
    with pytest.raises(FailedPrecondition, match=f"without workers .* Set ARMOIRE_CATALOG__{lacking}$"):
        application_options(idle, models=True, catalog=True)


def test_a_catalogue_without_workers_works_on_nothing(tmp_path: Path) -> None:
    idle = Settings(home=tmp_path, catalog=SHARED.model_copy(update={"workers": 0}))
    catalog = application_options(idle, models=True, catalog=True).catalog
    assert catalog is not None
    options = catalog()
    assert (options.workers.concurrency, options.operations.concurrency) == (0, 0)
    with pytest.raises(FailedPrecondition, match="ARMOIRE_CATALOG__WORKERS of 1 or more"):
        build_worker(idle, NoMetrics())


def test_a_worker_takes_no_calls_and_has_models_unless_a_server_has_them(tmp_path: Path) -> None:
    own = build_worker(Settings(home=tmp_path, catalog=SHARED), NoMetrics()).options
    far = SHARED.model_copy(update={"inference_address": "gpu:50051"})
    apart = build_worker(Settings(home=tmp_path, catalog=far), NoMetrics()).options
    assert not own.takes_calls
    assert own.inference is not None
    assert apart.inference is None
