"""Photos of requests that were uploaded before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TypeAlias

from armoire.v1 import search_pb2, types_pb2
from domain.errors import ArmoireError, InvalidInput, Unimplemented
from domain.types import Principal
from services.edge.calls import current_principal

ReadUpload: TypeAlias = Callable[[Principal, str], Awaitable[bytes]]
"""The bytes of a tenant's upload; raises as `Uploads.read` of the catalogue."""


async def read_no_upload(_principal: Principal, _upload_id: str) -> bytes:
    """A `ReadUpload` of a process without a catalogue."""
    text = "this server has no store of uploads; send the picture in content, or index or search with it"
    raise Unimplemented("upload_id", text)


class UploadedImages:
    """Puts the bytes of uploads where requests name them, as many as a message could have.

    One photo alone may be larger than a message.
    """

    def __init__(self, read: ReadUpload, max_bytes: int) -> None:
        self._read = read
        self._max_bytes = max_bytes

    async def load(self, image: types_pb2.ImageInput) -> None:
        """Replace the upload that an image may name by its bytes.

        Raises:
            Unimplemented: this process has no store of uploads.
            InvalidInput, NotFound, FailedPrecondition, Unavailable: the upload cannot be used.
        """
        if image.WhichOneof("source") == "upload_id":
            image.content = await self._read(current_principal(), image.upload_id)

    async def load_each(self, images: Sequence[types_pb2.ImageInput]) -> dict[int, ArmoireError]:
        """As `load`, of the images of a call; returns why some cannot be read, by their index."""
        failed: dict[int, ArmoireError] = {}
        left = self._max_bytes
        for index, image in enumerate(images):
            if image.WhichOneof("source") != "upload_id":
                continue
            try:
                await self.load(image)
                left -= len(image.content)
                if left < 0 and len(images) > 1:
                    image.ClearField("content")
                    raise InvalidInput("upload_id", self._too_many)
            except ArmoireError as error:
                failed[index] = error
        return failed

    async def load_query(self, request: search_pb2.SearchRequest, max_examples: int) -> None:
        """As `load`, of all photos of a search."""
        left = self._max_bytes
        for field, image in _of_query(request, max_examples):
            try:
                await self.load(image)
            except (InvalidInput, Unimplemented) as error:
                raise error.within(field) from None
            left -= len(image.content)
            if left < 0 and field != "image":
                raise InvalidInput("examples", self._too_many)

    @property
    def _too_many(self) -> str:
        return f"uploads must have at most {self._max_bytes} bytes together"


def _of_query(
    request: search_pb2.SearchRequest, max_examples: int
) -> Iterator[tuple[str, types_pb2.ImageInput]]:
    """The photos that were uploaded, by their fields; none of more examples than there may be."""
    images: list[tuple[str, types_pb2.ImageInput]] = [("image", request.image)]
    for side, examples in (("positive", request.examples.positive), ("negative", request.examples.negative)):
        images += [(f"examples.{side}[{i}].image", each.image) for i, each in enumerate(examples)]
    if len(images) - 1 <= max_examples:
        yield from (each for each in images if each[1].WhichOneof("source") == "upload_id")
