"""What the HTTP gateway needs of the server, and its limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.edge.calls import Calls
from services.edge.hosted_service import HostedService
from services.edge.oip.data_plane import DataPlane
from services.edge.signed_blobs import SignedBlobs


class HttpBackend(Protocol):
    """The server, as the gateway uses it."""

    @property
    def calls(self) -> Calls: ...

    @property
    def services(self) -> Sequence[HostedService]: ...

    @property
    def open_inference(self) -> DataPlane | None: ...

    @property
    def max_message_bytes(self) -> int: ...

    @property
    def signed_blobs(self) -> SignedBlobs | None:
        """What signed URLs lead to; None without a catalogue. Raises Unavailable until it is open."""
        ...


@dataclass(frozen=True, slots=True)
class HttpOptions:
    """The limits of HTTP requests.

    Attributes:
        max_uploads: how many request bodies that come in several pieces may be read at a time.
        read_timeout_s: how long a body may take to arrive.
        upload_timeout_s: the same for the body of a signed upload, which may be larger.
        deadline_s: how long a call may take whose request names no timeout; streams have none.
    """

    max_uploads: int = 32
    read_timeout_s: float = 15.0
    upload_timeout_s: float = 120.0
    deadline_s: float = 60.0
