"""TLS over real sockets: both ports, callers' certificates, and files that change meanwhile."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import grpc
import pytest
import trustme
from cryptography.hazmat.primitives import serialization
from grpc_health.v1 import health_pb2, health_pb2_grpc

from domain.errors import FailedPrecondition
from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.server import GrpcOptions, GrpcServer
from services.edge.tls import Certificates, TlsFiles


@pytest.fixture
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def files(tmp_path: Path, ca: trustme.CA) -> TlsFiles:
    found = TlsFiles(tmp_path / "server.pem", tmp_path / "server.key")
    write_pair(found, ca)
    return found


def write_pair(files: TlsFiles, ca: trustme.CA) -> None:
    """A new certificate for 127.0.0.1, put in place as certificate managers do it."""
    leaf = ca.issue_cert("127.0.0.1")
    for path, content in (
        (files.key, leaf.private_key_pem.bytes()),
        (files.certificate, b"".join(blob.bytes() for blob in leaf.cert_chain_pems)),
    ):
        path.with_suffix(".new").write_bytes(content)
        path.with_suffix(".new").replace(path)


def root(ca: trustme.CA) -> bytes:
    return ca.cert_pem.bytes()


@asynccontextmanager
async def grpc_server(certificates: Certificates) -> AsyncIterator[str]:
    server = GrpcServer(GrpcOptions("127.0.0.1:0", drain_s=0, tls=certificates), [], Calls(Admission(8)))
    await server.start()
    try:
        yield server.address
    finally:
        await server.stop()


async def ask_grpc(address: str, credentials: grpc.ChannelCredentials | None) -> None:
    """Ask for the server's health on a new connection."""
    channel = (
        grpc.aio.insecure_channel(address)
        if credentials is None
        else grpc.aio.secure_channel(address, credentials, [("grpc.use_local_subchannel_pool", 1)])
    )
    async with channel:
        await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=60)


@asynccontextmanager
async def http_server(certificates: Certificates) -> AsyncIterator[int]:
    """A server that says one byte to every connection."""

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"!")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0, ssl=certificates.http_context())
    async with server:
        yield server.sockets[0].getsockname()[1]


async def ask_http(port: int, context: ssl.SSLContext) -> bytes:
    """What the server says; returns its certificate."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    try:
        assert await reader.readexactly(1) == b"!"
        certificate: bytes = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        return certificate
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def trusting(ca: trustme.CA, own: trustme.LeafCert | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    ca.configure_trust(context)
    if own is not None:
        own.configure_cert(context)
    return context


async def test_both_ports_speak_tls(files: TlsFiles, ca: trustme.CA) -> None:
    certificates = Certificates(files)
    async with grpc_server(certificates) as address, http_server(certificates) as port:
        await ask_grpc(address, grpc.ssl_channel_credentials(root(ca)))
        await ask_http(port, trusting(ca))
        with pytest.raises(grpc.aio.AioRpcError):
            await ask_grpc(address, None)
        with pytest.raises(grpc.aio.AioRpcError):
            await ask_grpc(address, grpc.ssl_channel_credentials(root(trustme.CA())))


async def test_a_key_may_have_a_password(files: TlsFiles, ca: trustme.CA) -> None:
    encrypt(files.key, b"secret")
    certificates = Certificates(replace(files, password="secret"))
    async with grpc_server(certificates) as address, http_server(certificates) as port:
        await ask_grpc(address, grpc.ssl_channel_credentials(root(ca)))
        assert await ask_http(port, trusting(ca))
    for wrong in ("", "other"):
        with pytest.raises(FailedPrecondition, match=r"no TLS with .*server\.key"):
            Certificates(replace(files, password=wrong))


def encrypt(path: Path, password: bytes) -> None:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    format = serialization.PrivateFormat.PKCS8
    encryption = serialization.BestAvailableEncryption(password)
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, format, encryption))


async def test_a_changed_certificate_is_served_without_a_restart(files: TlsFiles, ca: trustme.CA) -> None:
    certificates, other = Certificates(files), trustme.CA()
    async with grpc_server(certificates) as address, http_server(certificates) as port:
        first = await ask_http(port, trusting(ca))
        write_pair(files, other)
        assert await ask_http(port, trusting(other)) != first
        await ask_grpc(address, grpc.ssl_channel_credentials(root(other)))
        write_pair(files, ca)
        await ask_grpc(address, grpc.ssl_channel_credentials(root(ca)))
        await ask_http(port, trusting(ca))


async def test_broken_files_leave_the_certificate_of_before(
    files: TlsFiles, ca: trustme.CA, caplog: pytest.LogCaptureFixture
) -> None:
    certificates = Certificates(files)
    async with grpc_server(certificates) as address, http_server(certificates) as port:
        before = await ask_http(port, trusting(ca))
        files.certificate.write_bytes(b"half a certifi")
        with caplog.at_level(logging.WARNING, "armoire"):
            assert await ask_http(port, trusting(ca)) == before
            await ask_grpc(address, grpc.ssl_channel_credentials(root(ca)))
        assert len(caplog.messages) == 1
        files.certificate.unlink()
        assert await ask_http(port, trusting(ca)) == before
        write_pair(files, ca)
        assert await ask_http(port, trusting(ca)) != before


async def test_callers_without_a_certificate_of_the_ca_are_refused(
    files: TlsFiles, ca: trustme.CA, tmp_path: Path
) -> None:
    callers = trustme.CA()
    (tmp_path / "callers.pem").write_bytes(root(callers))
    certificates = Certificates(TlsFiles(files.certificate, files.key, tmp_path / "callers.pem"))
    own, foreign = callers.issue_cert("caller"), trustme.CA().issue_cert("caller")
    async with grpc_server(certificates) as address, http_server(certificates) as port:
        await ask_grpc(address, client_credentials(ca, own))
        await ask_http(port, trusting(ca, own))
        for refused in (grpc.ssl_channel_credentials(root(ca)), client_credentials(ca, foreign)):
            with pytest.raises(grpc.aio.AioRpcError):
                await ask_grpc(address, refused)
        for leaf in (None, foreign):
            with pytest.raises((ssl.SSLError, ConnectionError, asyncio.IncompleteReadError)):
                await ask_http(port, trusting(ca, leaf))


def client_credentials(ca: trustme.CA, own: trustme.LeafCert) -> grpc.ChannelCredentials:
    return grpc.ssl_channel_credentials(
        root(ca), own.private_key_pem.bytes(), b"".join(blob.bytes() for blob in own.cert_chain_pems)
    )


@pytest.mark.parametrize("spoil", ["missing", "swapped", "empty"])
def test_files_that_cannot_be_used_refuse_the_start(files: TlsFiles, spoil: str) -> None:
    if spoil == "missing":
        files.key.unlink()
    elif spoil == "swapped":
        files.key.replace(files.certificate)
        files.key.write_bytes(files.certificate.read_bytes())
    else:
        files.certificate.write_bytes(b"")
    with pytest.raises(FailedPrecondition, match=r"no TLS with .*server\.pem"):
        Certificates(files)
