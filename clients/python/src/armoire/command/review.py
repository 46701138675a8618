"""`armoire review`: the queue of reviewers, and what has come of it."""

from __future__ import annotations

import argparse

from armoire.async_client import AsyncClient
from armoire.command.console import Console
from armoire.command.documents import (
    correction_document,
    coverage_document,
    review_item_document,
    review_statistics_document,
)
from armoire.command.durations import date, duration_s
from armoire.command.options import Commands, add_command, add_group, add_ids, count, share, shares
from armoire.command.records import RecordKind
from armoire.command.tables import counted, table
from armoire.values.reviews import Agreement, Coverage, ReviewItem, ReviewStatistics

_ITEM = "01932f6e-5a0c-7c51-9d0e-0f2a53b1c002"
_SHOWN_ALTERNATIVES = 3
_PERCENT = 100.0
SPLITS = ("train", "val", "test")
EXAMPLES = f"""\
  armoire review queue
  armoire review lease --max 5
  armoire items correct {_ITEM} --label dress
  armoire review verify {_ITEM}
  armoire review statistics"""
LEASE = """\
  armoire review lease --max 5
  armoire review lease --category dress --never-seen --json
  armoire review lease --disagreements --reviewer window-2 --lease 15m

Nobody else gets the items until the lease ends. The same command renews it, and fills up with new items; a
decision by `armoire items correct`, `armoire items reject` or `armoire review verify` ends it."""


def add_to(commands: Commands) -> None:
    summary = "Decide on what the models say of items, those first of which most can be learnt."
    group = add_group(commands, "review", summary, EXAMPLES)
    summary = "Show how many items of each label are left to review."
    add_command(group, "queue", show_queue, summary, "  armoire review queue --json", group="review")
    _add_lease(group)
    _add_release(group)
    summary = "Agree with the label, the attributes and the boxes of items: all of them, or none."
    parser = add_command(group, "verify", verify, summary, f"  armoire review verify {_ITEM}", group="review")
    add_ids(parser, "item")
    _add_statistics(group)


def _add_lease(group: Commands) -> None:
    summary = "Take items to review, which nobody else gets until the lease ends."
    parser = add_command(group, "lease", lease, summary, LEASE, group="review")
    _add_reviewer(parser)
    parser.add_argument(
        "--max", type=count, default=10, metavar="N", help="how many to have at most (default: %(default)s)"
    )
    parser.add_argument(
        "--lease",
        type=duration_s,
        default=0.0,
        metavar="TIME",
        help="until they go back, such as 90s or 15m (default: 5m)",
    )
    parser.add_argument("--category", default="", metavar="WORD", help="only what is taken for this")
    parser.add_argument(
        "--model", default="", metavar="VERSION", help="only what this embedder has described"
    )
    parser.add_argument("--never-seen", action="store_true", help="only what nobody has ever changed")
    parser.add_argument(
        "--audit-share",
        type=share,
        default=0.0,
        metavar="SHARE",
        help="which share is drawn at random, so that what is found of it holds for all (default: 0)",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--disagreements",
        action="store_true",
        help="only what models, or a newer model and a person, name differently",
    )
    which.add_argument(
        "--similar-to",
        default="",
        metavar="ITEM",
        help="only what looks like this item and is taken for the same",
    )
    which.add_argument("--item", default="", metavar="ITEM", help="only this item")


def _add_release(group: Commands) -> None:
    summary = "Give items back to the queue: those named, else all that you have."
    examples = f"  armoire review release\n  armoire review release {_ITEM} --skip"
    parser = add_command(group, "release", release, summary, examples, group="review")
    parser.add_argument("ids", nargs="*", metavar="ITEM", help="the ids of items")
    _add_reviewer(parser)
    parser.add_argument("--skip", action="store_true", help="nobody gets them for an hour")


def _add_reviewer(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--reviewer", default="", metavar="NAME", help="tells reviewers who share a key apart"
    )


def _add_statistics(group: Commands) -> None:
    summary = "Show who has decided how much, how often models agree with people, and what is covered."
    examples = """\
  armoire review statistics
  armoire review statistics --from 2026-11-01 --audited
  armoire review statistics --split test --json"""
    parser = add_command(group, "statistics", show_statistics, summary, examples, group="review")
    for option, what in (("--from", "at or after"), ("--before", "before")):
        parser.add_argument(
            option,
            type=date,
            dest=f"created_{option.removeprefix('--')}",
            metavar="TIME",
            help=f"only decisions made {what} this moment, such as 2026-01-31 or 2026-01-31T12:00:00Z",
        )
    parser.add_argument("--audited", action="store_true", help="agreement on items drawn at random alone")
    parser.add_argument(
        "--split", choices=SPLITS, default="", help="agreement on photos of one split of exported datasets"
    )
    parser.add_argument(
        "--splits", type=shares, metavar="A,B,C", help="the shares of those splits (default: 0.8,0.1,0.1)"
    )
    parser.add_argument(
        "--agreement-in-time", action="store_true", help="agreement on what was decided in the time alone"
    )


async def show_queue(client: AsyncClient, _: argparse.Namespace, console: Console) -> None:
    told = await client.get_review_statistics()
    LABELS.show(sorted(told.coverage, key=lambda each: (each.decided - each.items, each.label)), console)


async def lease(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    leased = await client.lease_review_items(
        reviewer=arguments.reviewer,
        max_items=arguments.max,
        lease_s=int(arguments.lease),
        category=arguments.category,
        model_version=arguments.model,
        never_seen=arguments.never_seen,
        audit_share=arguments.audit_share,
        disagreements=arguments.disagreements,
        similar_to=arguments.similar_to,
        item_id=arguments.item,
        include_picture_urls=True,
    )
    if leased.items:
        ITEMS.show(leased.items, console)
    until = leased.lease_expire_time
    yours = f"; yours until {until.isoformat(timespec='seconds')}" if leased.items and until else ""
    console.note(f"{counted(leased.open_items, 'item')} left to review{yours}")


async def release(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    released = await client.release_review_items(
        arguments.ids, reviewer=arguments.reviewer, skip=arguments.skip
    )
    console.show({"released": released}, f"{counted(released, 'item')} given back")


async def verify(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    verified = await client.verify_items(arguments.ids)
    document = {
        "item_ids": [item.id for item in verified.items],
        "corrections": [correction_document(correction) for correction in verified.corrections],
    }
    console.show(document, f"{counted(len(verified.items), 'item')} verified")


async def show_statistics(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    told = await client.get_review_statistics(
        created_from=arguments.created_from,
        created_before=arguments.created_before,
        only_audited=arguments.audited,
        split=arguments.split,
        shares=arguments.splits,
        agreement_in_time=arguments.agreement_in_time,
    )
    console.show(review_statistics_document(told), _statistics_text(told))


def _statistics_text(told: ReviewStatistics) -> str:
    """The counts, and a table each of reviewers, agreement and coverage where there is any."""
    decided = f"{told.verified} verified, {told.rejected} rejected"
    pace = [
        (each.author, each.decisions, each.active_s / 60, each.decisions_per_minute)
        for each in told.reviewers
    ]
    parts = [
        f"{told.reviewed} of {counted(told.items, 'item')} reviewed: {decided}",
        table(("reviewer", "decisions", "minutes", "a minute"), pace) if pace else "",
        table(AGREEMENT, map(_agreement_row, told.agreements)) if told.agreements else "",
        table(LABELS.headers, map(LABELS.row, told.coverage)) if told.coverage else "",
        "Agreement is that of the items that were reviewed last alone." if told.truncated else "",
    ]
    return "\n\n".join(filter(None, parts))


AGREEMENT = ("attribute", "model", "searched with", "compared", "agrees %", "mixed up most")


def _agreement_row(agreement: Agreement) -> tuple[object, ...]:
    share = _PERCENT * agreement.agreed / agreement.reviewed if agreement.reviewed else None
    return (
        agreement.attribute,
        agreement.model_version,
        "yes" if agreement.live else "",
        agreement.reviewed,
        None if share is None else f"{share:.1f}",
        _confusion_text(agreement),
    )


def _confusion_text(agreement: Agreement) -> str:
    """What the model says, and people say instead, most often."""
    if not agreement.confusions:
        return ""
    (model, person), times = max(agreement.confusions.items(), key=lambda each: each[1])
    return f"{model or 'nothing'} for {person or 'nothing'}, {times} times"


def _item_row(leased: ReviewItem) -> tuple[object, ...]:
    item = leased.item
    category = item.attributes.get("category")
    others = category.alternatives[:_SHOWN_ALTERNATIVES] if category else ()
    alternatives = ", ".join(f"{each.value} {each.score:.0%}" for each in others)
    return item.id, item.label, leased.reason, leased.uncertainty, alternatives, item.image_name


def _coverage_row(coverage: Coverage) -> tuple[object, ...]:
    return coverage.label, coverage.items, coverage.decided, coverage.items - coverage.decided


ITEMS = RecordKind(
    "item_id",
    review_item_document,
    ("item", "label", "reason", "uncertainty", "alternatives", "image"),
    _item_row,
)
LABELS = RecordKind("label", coverage_document, ("label", "items", "decided", "left"), _coverage_row)
