"""Photos of searches that were uploaded before."""

from __future__ import annotations

from collections.abc import Iterator

from armoire.v1 import search_pb2, types_pb2
from domain.errors import InvalidInput
from services.catalog.catalog import Catalog
from services.edge.calls import current_principal


class UploadedQueries:
    """Puts the bytes of uploads where a search names them."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    async def load(self, request: search_pb2.SearchRequest) -> None:
        """Replace each upload in a request by its bytes.

        Raises:
            InvalidInput: together they are larger than a message may be, or as `Uploads.read`.
            NotFound, FailedPrecondition, Unavailable: as `Uploads.read`.
        """
        left, limits = self._catalog.limits.max_message_bytes, self._catalog.limits
        for field, image in _uploaded(request, limits.max_examples):
            try:
                content = await self._catalog.uploads.read(current_principal(), image.upload_id)
            except InvalidInput as error:
                raise error.within(field) from None
            left -= len(content)
            if left < 0 and field != "image":
                text = f"uploads must have at most {limits.max_message_bytes} bytes together"
                raise InvalidInput("examples", text)
            image.content = content


def _uploaded(
    request: search_pb2.SearchRequest, max_examples: int
) -> Iterator[tuple[str, types_pb2.ImageInput]]:
    """The photos that were uploaded, by their fields; none of more examples than there may be."""
    images: list[tuple[str, types_pb2.ImageInput]] = [("image", request.image)]
    for side, examples in (("positive", request.examples.positive), ("negative", request.examples.negative)):
        images += [(f"examples.{side}[{i}].image", each.image) for i, each in enumerate(examples)]
    if len(images) - 1 <= max_examples:
        yield from (each for each in images if each[1].WhichOneof("source") == "upload_id")
