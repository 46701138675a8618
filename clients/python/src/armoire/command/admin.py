"""`armoire admin`: who may call and how often, what tenants keep and change, predictions, and profiles."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace

from armoire.async_client import AsyncClient
from armoire.command import audit, erasures, predictions, profile, tenant_settings, users
from armoire.command.console import Console, UsageError
from armoire.command.documents import Document, api_key_document
from armoire.command.durations import duration_s
from armoire.command.options import (
    Commands,
    Run,
    add_command,
    add_group,
    add_limit,
    add_yes,
    count,
    require_yes,
)
from armoire.command.records import RecordKind, show_newest
from armoire.errors import ArmoireError
from armoire.values.admin import ApiKey, NewApiKey, Scope, Tenant

EXAMPLES = """\
  armoire admin key create --name shop --scope read --scope infer
  armoire admin key list
  armoire admin key rotate 3f2a91c04d7e55b0 --overlap 1d
  armoire admin key revoke 3f2a91c04d7e55b0
  armoire admin user invite ann@shop.example --role reviewer
  armoire admin tenant limit shop --requests-per-minute 600 --max-items 100000
  armoire admin tenant settings set shop shop.toml
  armoire admin audit --since 7d
  armoire admin predictions export --since 7d log.jsonl
  armoire admin profile --seconds 10 -o profile.speedscope.json"""
_LIMITS = (
    ("requests_per_minute", "calls in any minute"),
    ("megapixels_per_minute", "millions of pixels of pictures and their boxes in any minute"),
    ("max_items", "items to keep"),
    ("max_bytes", "bytes of photos to keep"),
)
_SWITCH = {"on": True, "off": False, "default": None}
_SWITCH_TEXTS = {True: "yes", False: "no", None: "the server's setting"}
SCOPES = [scope.value.lower() for scope in Scope if scope is not Scope.UNKNOWN]


def add_to(commands: Commands) -> None:
    admin = add_group(
        commands,
        "admin",
        "Administer a server: its keys, users and tenants, what was changed, its predictions, its profile.",
        EXAMPLES,
    )
    group = add_group(admin, "key", "Make, list, rotate and revoke keys.", EXAMPLES)
    summary = "Make a key, and print it. It cannot be read again."
    parser = _add(group, "create", create_key, summary, "  armoire admin key create --name shop --scope read")
    parser.add_argument("--name", required=True, help="what the key is for")
    parser.add_argument(
        "--scope",
        action="append",
        required=True,
        choices=SCOPES,
        dest="scopes",
        help="what it may do; may be given several times",
    )
    parser.add_argument("--tenant", default="", help="whose data it opens (default: yours)")
    parser.add_argument(
        "--lifetime",
        type=duration_s,
        metavar="TIME",
        help="how long it works, such as 90d, 12h (default: for ever)",
    )
    summary = "List keys, the newest first."
    parser = _add(group, "list", list_keys, summary, "  armoire admin key list --tenant shop --json")
    parser.add_argument("--tenant", default="", help="only keys of this tenant")
    add_limit(parser)
    summary = "Give a key a new text, and print it."
    example = "  armoire admin key rotate 3f2a91c04d7e55b0 --overlap 1d"
    parser = _add(group, "rotate", rotate_key, summary, example)
    parser.add_argument("key_id", metavar="KEY_ID", help="as `armoire admin key list` shows it")
    parser.add_argument(
        "--overlap", type=duration_s, metavar="TIME", help="how long the old text goes on working, up to 30d"
    )
    summary = "Let keys open nothing any more."
    parser = _add(group, "revoke", revoke_keys, summary, "  armoire admin key revoke 3f2a91c04d7e55b0")
    parser.add_argument("key_ids", nargs="+", metavar="KEY_ID", help="as `armoire admin key list` shows it")

    users.add_to(admin)
    _add_tenants(admin)
    _add_end_users(admin)
    audit.add_to(admin)
    predictions.add_to(admin)
    profile.add_to(admin)


def _add_tenants(admin: Commands) -> None:
    examples = """\
  armoire admin tenant show shop
  armoire admin tenant limit shop --requests-per-minute 600 --max-items 100000
  armoire admin tenant settings set shop shop.toml
  armoire admin tenant erase shop --yes"""
    summary = "Show and change what a tenant may use, and its words, or erase it."
    group = add_group(admin, "tenant", summary, examples)
    summary = "Show what a tenant may use, and what it keeps."
    parser = add_command(
        group, "show", show_tenant, summary, "  armoire admin tenant show shop", group="admin tenant"
    )
    parser.add_argument("tenant", nargs="?", default="", metavar="TENANT", help="(default: yours)")
    summary = "Remove all that the server keeps of a tenant, for good: its data, keys and users."
    example = "  armoire admin tenant erase shop --yes"
    parser = add_command(group, "erase", erase_tenant, summary, example, group="admin tenant")
    parser.add_argument("tenant", metavar="TENANT")
    add_yes(parser)
    summary = "Change what a tenant may use. What is not named stays as it is."
    example = "  armoire admin tenant limit shop --requests-per-minute 600 --max-items none"
    parser = add_command(group, "limit", limit_tenant, summary, example, group="admin tenant")
    parser.add_argument("tenant", metavar="TENANT")
    for name, what in _LIMITS:
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            type=limit,
            default=argparse.SUPPRESS,
            metavar="N",
            help=f"how many {what}; none: as many as it likes; default: the server's setting",
        )
    parser.add_argument(
        "--log-predictions",
        choices=list(_SWITCH),
        default=argparse.SUPPRESS,
        help="whether its photos and texts may be in the prediction log; default: the server's setting",
    )
    tenant_settings.add_to(group)


def _add_end_users(admin: Commands) -> None:
    example = "  armoire admin end-user erase customer-4711 --yes"
    group = add_group(admin, "end-user", "Erase those for whom you call.", example)
    summary = (
        "Remove the id of an end user from all records, with wardrobe, feedback and preferences, for good."
    )
    parser = add_command(group, "erase", erase_end_user, summary, example, group="admin end-user")
    parser.add_argument("end_user", metavar="END_USER", help="as the header armoire-end-user told it")
    add_yes(parser)


def _add(group: Commands, name: str, run: Run, summary: str, example: str) -> argparse.ArgumentParser:
    return add_command(group, name, run, summary, example, group="admin key")


async def create_key(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    made = await client.create_api_key(
        arguments.name, arguments.scopes, tenant=arguments.tenant, lifetime_s=arguments.lifetime
    )
    _show_new(made, console)


async def list_keys(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await show_newest(
        KEYS,
        lambda page_size: client.iter_api_keys(tenant=arguments.tenant, page_size=page_size),
        arguments.limit,
        console,
    )


async def rotate_key(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    _show_new(await client.rotate_api_key(arguments.key_id, overlap_s=arguments.overlap), console)


async def revoke_keys(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    for key_id in arguments.key_ids:
        try:
            key = await client.revoke_api_key(key_id)
        except ArmoireError as error:
            console.show_failure({"key_id": key_id}, key_id, error)
        else:
            console.show(api_key_document(key), f"revoked {key.id} ({key.name})")


async def show_tenant(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    _show_tenant(await client.get_tenant(arguments.tenant), console)


async def erase_end_user(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    require_yes(arguments, "This removes all that is kept of the end user")
    await erasures.finish(client, await client.erase_end_user(arguments.end_user), console)


async def erase_tenant(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    require_yes(arguments, f"This removes all that the server keeps of the tenant {arguments.tenant}")
    await erasures.finish(client, await client.erase_tenant(arguments.tenant), console)


async def limit_tenant(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    given = {name: getattr(arguments, name) for name, _ in _LIMITS if name in arguments}
    if "log_predictions" in arguments:
        given["log_predictions"] = _SWITCH[arguments.log_predictions]
    if not given:
        raise UsageError("give at least one limit, such as --requests-per-minute 600")
    before = await client.get_tenant(arguments.tenant)
    _show_tenant(replace(await client.update_tenant(replace(before, **given)), use=before.use), console)


def _show_tenant(tenant: Tenant, console: Console) -> None:
    lines = [f"{what}: {_limit_text(getattr(tenant, name))}" for name, what in _LIMITS]
    lines.append(f"in the prediction log: {_SWITCH_TEXTS[tenant.log_predictions]}")
    if tenant.use is not None:
        lines.append(f"kept: {tenant.use.items} items, {tenant.use.bytes} bytes of photos")
    console.show(asdict(tenant), "\n  ".join([tenant.id, *lines]))


def _limit_text(limit: int | None) -> str:
    if limit is None:
        return "the server's setting"
    return "no limit" if limit == 0 else f"at most {limit}"


def limit(text: str) -> int | None:
    """A number; 0 for "none", None for "default"."""
    if text in ("none", "default"):
        return 0 if text == "none" else None
    return count(text)


def _show_new(made: NewApiKey, console: Console) -> None:
    key = made.api_key
    document: Document = {
        "key_id": key.id,
        "key": made.key,
        "tenant": key.tenant,
        "scopes": [scope.value.lower() for scope in key.scopes],
    }
    console.show(document, made.key)
    console.note(f"Keep it: it is not shown again. Clients take it from ARMOIRE_API_KEY. Its id is {key.id}.")


def _row(key: ApiKey) -> tuple[object, ...]:
    times = (key.create_time, key.expire_time, key.revoke_time, key.last_use_time)
    shown = (time.isoformat(sep=" ", timespec="minutes") if time else "" for time in times)
    return (key.id, key.name, key.tenant, ",".join(scope.value.lower() for scope in key.scopes), *shown)


KEYS = RecordKind(
    "id",
    api_key_document,
    ("id", "name", "tenant", "scopes", "created", "expires", "revoked", "last used"),
    _row,
)
