"""A server with TLS and keys, in front of it a catalogue, the command and the client."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
import trustme

from armoire import Client, Unavailable
from armoire.command.main import main
from demo.server import ROOT, ServerProcess

PHOTO = sorted((ROOT / "samples").glob("*.jpg"))[0]


@dataclass(frozen=True)
class Secured:
    """A server of models with TLS and keys; `ca_file` is the CA of its certificate."""

    server: ServerProcess
    ca: trustme.CA
    ca_file: Path
    key: str

    def connect(self) -> Client:
        roots = grpc.ssl_channel_credentials(self.ca_file.read_bytes())
        return Client(self.server.address, credentials=roots, token=self.key)


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    folder = tmp_path_factory.mktemp("secured")
    ca = trustme.CA()
    leaf, ca_file = ca.issue_cert("127.0.0.1"), folder / "ca.pem"
    ca.cert_pem.write_to_path(ca_file)
    leaf.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    environment = {
        "ARMOIRE_AUTH__MODE": "required",
        "ARMOIRE_TLS__CERTIFICATE_FILE": str(folder / "server.pem"),
        "ARMOIRE_TLS__KEY_FILE": str(folder / "server.pem"),
    }
    home, roots = folder / "home", ca_file.read_bytes()
    with ServerProcess(home, "services.app:Inference", environment, root_certificates=roots) as server:
        credentials = grpc.ssl_channel_credentials(roots)
        first = (home / "first-admin-key").read_text().strip()
        with Client(server.address, credentials=credentials, token=first) as admin:
            key = admin.create_api_key("test", ["infer"]).key
        yield Secured(server, ca, ca_file, key)


def test_the_client_speaks_tls(secured: Secured) -> None:
    with secured.connect() as client:
        assert client.analyze(PHOTO).items
    with Client(secured.server.address, timeout_s=300) as plain, pytest.raises(Unavailable):
        plain.models()


def test_the_command_speaks_tls(
    secured: Secured, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARMOIRE_API_KEY", secured.key)
    shared = ["--address", secured.server.address, "--ca-file", str(secured.ca_file)]
    assert main(["models", *shared]) == 0
    assert "demo-detector" in capsys.readouterr().out
    briefly = ["--seconds", "1", "--warm-up", "0", "--json"]
    assert main(["bench", "embed-text", "hat", *briefly, *shared]) == 0
    assert json.loads(capsys.readouterr().out)["errors"] == {}


def test_the_http_port_speaks_https_only(secured: Secured) -> None:
    context = ssl.create_default_context()
    secured.ca.configure_trust(context)
    url = secured.server.http_url.replace("http://", "https://")
    with urllib.request.urlopen(f"{url}/readyz", context=context, timeout=60) as reply:
        assert reply.status == 200
    request = urllib.request.Request(
        f"{url}/armoire.v1.InferenceService/EmbedText",
        b'{"texts": ["a red dress"]}',
        {"content-type": "application/json", "authorization": f"Bearer {secured.key}"},
    )
    with urllib.request.urlopen(request, context=context, timeout=60) as reply:
        assert b"embedding" in reply.read()
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        urllib.request.urlopen(f"{secured.server.http_url}/readyz", timeout=60)


def test_a_catalogue_apart_comes_with_a_key(secured: Secured, tmp_path: Path) -> None:
    environment = {
        "ARMOIRE_CATALOG__INFERENCE_ADDRESS": secured.server.address,
        "ARMOIRE_CATALOG__INFERENCE_CA_FILE": str(secured.ca_file),
        "ARMOIRE_CATALOG__INFERENCE_KEY": secured.key,
    }
    with (
        ServerProcess(tmp_path, "services.app:Catalog", environment) as catalog,
        Client(catalog.address) as client,
    ):
        job = client.wait_for_indexing_job(client.index(PHOTO).id)
        assert job.searchable
        client.search(text="a red dress")


def test_a_server_before_it_comes_with_a_key(
    secured: Secured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ARMOIRE_API_KEY", raising=False)
    graphs = {"REMOTE_DETECTOR": "detector", "REMOTE_IMAGE_ENCODER": "image_encoder"}
    environment = {
        **{
            f"ARMOIRE_MODELS__{name}": f"grpc://{secured.server.address}/{graph}"
            for name, graph in graphs.items()
        },
        "ARMOIRE_MODELS__REMOTE_CA_FILE": str(secured.ca_file),
        "ARMOIRE_MODELS__REMOTE_KEY": secured.key,
    }
    with (
        ServerProcess(tmp_path, "services.app:Inference", environment) as front,
        Client(front.address) as client,
        secured.connect() as behind,
    ):
        found, expected = client.analyze(PHOTO), behind.analyze(PHOTO)
        assert [item.box for item in found.items] == [item.box for item in expected.items]
        assert {model.provider for model in client.models()} == {"remote", "cpu"}


@pytest.mark.parametrize(
    "options", [["--certificate-file", "a"], ["--key-file", "a", "--ca-file", "b"], ["--ca-file", "/nowhere"]]
)
def test_options_that_do_not_go_together_are_refused(options: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["models", *options])
    assert stop.value.code == 2
