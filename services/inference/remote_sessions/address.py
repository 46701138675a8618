"""Where a model server offers a graph."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, urlsplit

FORMS = "grpc://HOST:PORT/MODEL or unix:///PATH/OF/SOCKET/MODEL"
VERSION, SHARED_MEMORY = "version", "shared_memory"


@dataclass(frozen=True, slots=True)
class RemoteAddress:
    """A model of a server of the Open Inference Protocol.

    Attributes:
        target: what gRPC connects to.
        version: of the model; empty: the one that the server chooses.
        shared_memory: pass tensors in POSIX shared memory, which both must have.
        key: sent with every call; empty: none.
        ca: PEM of the CA of the server's certificate; no bytes mean those that gRPC trusts, None no TLS.
    """

    target: str
    model: str
    version: str = ""
    shared_memory: bool = False
    key: str = field(default="", repr=False)
    ca: bytes | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"model {self.model!r} of {self.target}"

    @property
    def is_local(self) -> bool:
        """Whether it is behind a Unix socket, where there is no TLS."""
        return self.target.startswith("unix:")

    @classmethod
    def parse(cls, url: str) -> RemoteAddress:
        """Read `grpc://HOST:PORT/MODEL` or `unix:///PATH/OF/SOCKET/MODEL`, with `?version=` and the like.

        Raises:
            ValueError: the text is no such address; the message says why.
        """
        parts = urlsplit(url)
        path, _, model = parts.path.rpartition("/")
        if not model:
            raise ValueError(f"must be {FORMS}")
        options = _options(parts.query)
        shared_memory = options.get(SHARED_MEMORY, "false")
        if shared_memory not in ("true", "false"):
            raise ValueError(f"{SHARED_MEMORY} must be true or false, not {shared_memory!r}")
        return cls(_target(parts, path), model, options.get(VERSION, ""), shared_memory == "true")


def _target(parts: SplitResult, path: str) -> str:
    if parts.scheme == "unix" and not parts.netloc and path:
        return f"unix:{path}"
    if parts.scheme == "grpc" and parts.hostname and parts.port and not path and "@" not in parts.netloc:
        return parts.netloc
    raise ValueError(f"must be {FORMS}")


def _options(query: str) -> dict[str, str]:
    given = parse_qs(query, keep_blank_values=True, strict_parsing=bool(query))
    for name in given:
        if name not in (VERSION, SHARED_MEMORY):
            raise ValueError(f"may have ?{VERSION}= and {SHARED_MEMORY}=, not {name!r}")
    return {name: values[-1] for name, values in given.items()}
