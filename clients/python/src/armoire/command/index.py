"""`armoire index`: photos into the catalogue."""

from __future__ import annotations

import argparse
import hashlib
import json
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from armoire.async_client import AsyncClient
from armoire.command.console import Console, UsageError
from armoire.command.documents import indexed_document
from armoire.command.files import find_photos, read_photo
from armoire.command.options import Commands, add_command, add_photos
from armoire.command.pipelining import in_order, outcome_of
from armoire.command.product_table import ProductTable, read_products
from armoire.deadlines import BULK_TIMEOUT_S, WAIT_TIMEOUT_S
from armoire.errors import AlreadyExists, ArmoireError, DeadlineExceeded, InvalidInput, Unavailable
from armoire.photos import PhotoToIndex, name_of, read_content
from armoire.prices import parse_price
from armoire.values.indexing import IndexingJob, IndexingJobState
from armoire.values.products import Product

EXAMPLES = """\
  armoire index photos/ --wait
  armoire index front.jpg back.jpg --product-name "Red dress" --category dress --price "19.90 EUR" --wait
  armoire index detail.jpg --product-id 01932f6e-5a0c-7c51-9d0e-0f2a53b1c003
  armoire index samples --products samples/samples.csv --wait
  armoire index posters/ --upload

A table of products has a row for each photo, with the columns file, product_name, category and price.
It may also have external_id, product_type, list_price, currency, brand, description, url and availability.
A file is named by its path, or by the end of it. Rows with the same external_id belong to one product.

With --wait, an asterisk marks the garment that represents its photo.

A photo that was indexed before, with the same name and product, is not indexed again: its first job is
shown. --again indexes it once more, also where it was deleted meanwhile."""


_CONCURRENCY = 4

DELETED = "IDEMPOTENCY_KEY_OF_DELETED"
"""The reason why a key is refused whose photo was deleted."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The product that photos belong to: one that exists, one to create, or none."""

    product_id: str = ""
    product: Product | None = None


class Indexer:
    """Sends photos, and waits for their jobs where asked to."""

    def __init__(
        self, client: AsyncClient, wait_timeout_s: float | None, *, again: bool, upload: bool
    ) -> None:
        self._client = client
        self._wait_timeout_s = wait_timeout_s
        self._again = again
        self._upload = upload

    async def index(self, path: str, owner: Owner) -> IndexingJob:
        return await self.wait(path, await self._send(path, owner))

    async def send_many(
        self, paths: Sequence[str], owner_of: Callable[[str], Owner], timeout_s: float
    ) -> AsyncIterator[tuple[str, IndexingJob | ArmoireError]]:
        """Each photo with its job or error, in their order."""
        photos = (self._photo(path, owner_of(path)) for path in paths)
        answered = iter(paths)
        async for _, outcome in self._client.index_many(photos, timeout_s=timeout_s):
            path = next(answered)
            if isinstance(outcome, AlreadyExists):
                outcome = told_of_deletion(path, outcome)
            yield path, outcome

    def _photo(self, path: str, owner: Owner) -> PhotoToIndex:
        """The photo and its key; a file that cannot be read is left to the client to complain about."""
        name = name_of(path)
        try:
            content: bytes | None = read_content(path)
        except InvalidInput:
            content = None
        key = None if content is None or self._again else key_of(content, name, owner)
        source = path if content is None else content
        return PhotoToIndex(source, name, owner.product_id, owner.product, key)

    async def wait(self, path: str, job: IndexingJob) -> IndexingJob:
        """The job, once search finds its photo or it has failed, where that is to be waited for."""
        waits = not job.state.final or (job.state is IndexingJobState.COMPLETE and not job.searchable)
        if self._wait_timeout_s is None or not waits:
            return job
        return await self._wait(job, path, self._wait_timeout_s)

    async def _send(self, path: str, owner: Owner) -> IndexingJob:
        content, name = await read_photo(path), name_of(path)
        try:
            return await self._client.index(
                content,
                image_name=name,
                product_id=owner.product_id,
                product=owner.product,
                idempotency_key=str(uuid.uuid4()) if self._again else key_of(content, name, owner),
                upload=self._upload,
            )
        except AlreadyExists as error:
            raise told_of_deletion(path, error) from error

    async def _wait(self, job: IndexingJob, path: str, timeout_s: float) -> IndexingJob:
        try:
            return await self._client.wait_for_indexing_job(job.id, timeout_s=timeout_s)
        except (DeadlineExceeded, Unavailable) as error:
            message = f"{path} is sent, but job {job.id} could not be waited for: {error.message}"
            raise reworded(error, message, job=job.id) from error


def told_of_deletion(path: str, error: AlreadyExists) -> ArmoireError:
    """The error; where the photo was deleted after it was indexed, in words that say what can be done."""
    if error.reason != DELETED:
        return error
    return reworded(error, f"{path} was indexed before and deleted since: --again indexes it once more")


def key_of(content: bytes, name: str, owner: Owner) -> str:
    """An idempotency key that is the same for the same photo, name and product as given here."""
    product = asdict(owner.product) if owner.product else None
    parts = [hashlib.sha256(content).hexdigest(), name, owner.product_id, product]
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()


def reworded(error: ArmoireError, message: str, **metadata: str) -> ArmoireError:
    """The same error in other words."""
    return type(error)(
        message,
        code=error.code,
        reason=error.reason,
        retry_after_s=error.retry_after_s,
        metadata={**error.metadata, **metadata},
        request_id=error.request_id,
    )


def add_to(commands: Commands) -> None:
    summary = "Put photos into the catalogue, where search finds them."
    parser = add_command(commands, "index", index, summary, EXAMPLES)
    add_photos(parser, "+", _CONCURRENCY)
    parser.add_argument("--wait", action="store_true", help="wait until search finds the photos")
    parser.add_argument(
        "--again", action="store_true", help="index a photo also where it was indexed before, or deleted"
    )
    parser.add_argument(
        "--upload",
        action="store_true",
        help="send the photos beside the calls, over HTTP, which takes larger ones than a message",
    )
    product = parser.add_argument_group("product", "what all these photos show")
    product.add_argument("--product-id", default="", metavar="ID", help="a product that exists")
    product.add_argument("--product-name", metavar="NAME", help="a product to create")
    product.add_argument(
        "--external-id", default="", metavar="ID", help="the shop's own id of it; one that exists is used"
    )
    product.add_argument("--category", metavar="C", help="such as dress")
    product.add_argument("--price", metavar="P", help="such as '19.90 EUR', or 19.90")
    product.add_argument("--currency", metavar="C", default="EUR", help="of a bare price (default: EUR)")
    product.add_argument(
        "--products", metavar="TABLE.csv", type=Path, help="products to create, one a photo (see below)"
    )


async def index(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    owner, products = _owner(arguments), _products(arguments)
    paths = find_photos(arguments.paths)
    _note_photos_without_row(console, products, paths, arguments.products)
    wait_timeout_s = (arguments.timeout_s or WAIT_TIMEOUT_S) if arguments.wait else None
    indexer = Indexer(client, wait_timeout_s, again=arguments.again, upload=arguments.upload)
    console.start("indexing", len(paths))
    if owner.product is not None:
        owner, paths = await _index_first(indexer, owner, paths, console)

    def owner_of(path: str) -> Owner:
        return Owner(product=products.product_of(path)) if products else owner

    await _index_all(indexer, paths, owner_of, arguments, console)
    console.finish()


async def _index_all(
    indexer: Indexer,
    paths: list[str],
    owner_of: Callable[[str], Owner],
    arguments: argparse.Namespace,
    console: Console,
) -> None:
    """Sends the photos, several of them over streams; then waits for their jobs where asked to."""
    if len(paths) < 2 or arguments.upload:
        call = partial(_index_one, indexer, owner_of)
        async for path, outcome in in_order(call, paths, arguments.concurrency):
            _show(console, path, outcome)
        return
    sending = indexer.send_many(paths, owner_of, arguments.timeout_s or BULK_TIMEOUT_S)
    if not arguments.wait:
        async for path, outcome in sending:
            _show(console, path, outcome)
        return
    sent: list[tuple[str, IndexingJob | ArmoireError]] = []
    console.start("sending", len(paths))
    async for each in sending:
        console.step()
        sent.append(each)

    async def wait(each: tuple[str, IndexingJob | ArmoireError]) -> IndexingJob | ArmoireError:
        path, outcome = each
        return outcome if isinstance(outcome, ArmoireError) else await indexer.wait(path, outcome)

    console.start("indexing", len(paths))
    async for (path, _), outcome in in_order(wait, sent, arguments.concurrency):
        _show(console, path, outcome)


async def _index_one(indexer: Indexer, owner_of: Callable[[str], Owner], path: str) -> IndexingJob:
    return await indexer.index(path, owner_of(path))


async def _index_first(
    indexer: Indexer, owner: Owner, paths: list[str], console: Console
) -> tuple[Owner, list[str]]:
    """Creates the product together with the first photo the server takes.

    Returns:
        The product as one that exists, and the paths that are left.
    """
    for position, path in enumerate(paths, start=1):
        outcome = await outcome_of(indexer.index(path, owner))
        _show(console, path, outcome)
        if isinstance(outcome, IndexingJob):
            return Owner(product_id=outcome.product_id), paths[position:]
    return owner, []


def _products(arguments: argparse.Namespace) -> ProductTable | None:
    if arguments.products is None:
        return None
    if arguments.product_id or arguments.product_name:
        raise UsageError("--products names the products: give no --product-id or --product-name")
    return read_products(arguments.products, arguments.currency)


def _note_photos_without_row(
    console: Console, products: ProductTable | None, paths: list[str], table: Path
) -> None:
    without_row = [path for path in paths if products and products.product_of(path) is None]
    if without_row:
        more = ", ..." if len(without_row) > 3 else ""
        console.note(f"no row in {table}, so no product, for: {', '.join(without_row[:3])}{more}")


def _owner(arguments: argparse.Namespace) -> Owner:
    if arguments.product_id and arguments.product_name:
        raise UsageError("give --product-id or --product-name, not both")
    if not arguments.product_name:
        if arguments.category or arguments.price or arguments.external_id:
            raise UsageError(
                "--external-id, --category and --price describe a product: give --product-name too"
            )
        return Owner(product_id=arguments.product_id)
    try:
        price = parse_price(arguments.price, arguments.currency) if arguments.price else None
    except ValueError as error:
        raise UsageError(f"--price: {error}") from None
    product = Product(
        arguments.product_name,
        external_id=arguments.external_id,
        category=arguments.category or "",
        price=price,
    )
    return Owner(product=product)


def _show(console: Console, path: str, outcome: IndexingJob | ArmoireError) -> None:
    console.step()
    if isinstance(outcome, ArmoireError):
        console.show_failure(indexed_document(path, None), path, outcome)
    elif outcome.state is IndexingJobState.FAILED and outcome.error:
        console.show_failure(indexed_document(path, outcome), path, outcome.error)
    else:
        console.show(indexed_document(path, outcome), _text(path, outcome))
    if isinstance(outcome, IndexingJob) and outcome.state is IndexingJobState.CANCELLED:
        console.complain(f"{path}: its job was cancelled: armoire jobs retry {outcome.id}")


def _text(path: str, job: IndexingJob) -> str:
    items = ", ".join(f"{item.label}{'*' if item.primary_in_image else ''}" for item in job.items)
    copy = job.near_duplicate_of
    found = (items, f"(a copy of the photo {copy.image_id})" if copy else "")
    return "  ".join([job.id, f"{job.state:<9}", path, *filter(None, found)])
