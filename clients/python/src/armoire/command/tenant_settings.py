"""`armoire admin tenant settings`: the weights and words that a tenant has of its own."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from armoire.async_client import AsyncClient
from armoire.command.console import Console
from armoire.command.options import Commands, add_command, add_group
from armoire.command.settings_file import read_settings, settings_document
from armoire.values.tenant_settings import TenantSettings

_GROUP = "admin tenant settings"
_FILE = """\
  armoire admin tenant settings set shop shop.toml

a file, with the tables of the server's taxonomy.toml; what is left out is the server's:
  [rank_weights]
  category = 0.2
  color = 0.3

  [outfit_weights]
  color = 0.4
  formality = 0.4
  season = 0.2
  learned = 0.5

  [[categories]]
  name = "Kleid"
  slot = "one-piece"
  synonyms = ["dress", "Abendkleid"]

  [[attributes]]
  name = "pattern"
  values = ["uni", "gestreift", "kariert"]
  prompts = ["a {} garment", "{} fabric"]

  [colors]
  rot = [45.0, 66.0, 45.0]
  weinrot = [24.0, 36.0, 14.0]

  [color_synonyms]
  rot = ["red", "rubinrot"]

  [color_families]
  rot = ["weinrot"]"""
_SERVERS = "the server's"
_TIMEOUT_S = 300.0
"""Words are embedded before the server answers."""


def add_to(tenant: Commands) -> None:
    examples = """\
  armoire admin tenant settings show shop
  armoire admin tenant settings set shop shop.toml
  armoire admin tenant settings reset shop"""
    group = add_group(tenant, "settings", "Show and change the weights and words of a tenant.", examples)
    summary = "Show the weights and words that a tenant has of its own."
    example = "  armoire admin tenant settings show shop --json > shop.json"
    parser = add_command(group, "show", show_settings, summary, example, group=_GROUP)
    parser.add_argument("tenant", nargs="?", default="", metavar="TENANT", help="(default: yours)")
    summary = "Replace the weights and words of a tenant by those of a file, TOML or JSON."
    parser = add_command(group, "set", set_settings, summary, _FILE, group=_GROUP)
    parser.add_argument("tenant", metavar="TENANT")
    parser.add_argument("file", type=Path, metavar="FILE", help="ending in .json, or else TOML")
    parser.add_argument(
        "--etag", default="", help="change nothing if the settings are no longer those of this etag"
    )
    summary = "Give a tenant the weights and words of the server again."
    example = "  armoire admin tenant settings reset shop"
    parser = add_command(group, "reset", reset_settings, summary, example, group=_GROUP)
    parser.add_argument("tenant", metavar="TENANT")


async def show_settings(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    _show(await client.get_tenant_settings(arguments.tenant), console)


async def set_settings(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    file = read_settings(arguments.file)
    if file.skipped:
        console.note(f"No settings of a tenant, and skipped: {', '.join(file.skipped)}.")
    wanted = replace(file.settings, tenant=arguments.tenant, etag=arguments.etag)
    before = await client.get_tenant_settings(arguments.tenant)
    after = await client.update_tenant_settings(wanted, timeout_s=_TIMEOUT_S)
    _show(after, console)
    _advise(before, after, console)


async def reset_settings(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    before = await client.get_tenant_settings(arguments.tenant)
    after = await client.update_tenant_settings(TenantSettings(arguments.tenant), timeout_s=_TIMEOUT_S)
    _show(after, console)
    _advise(before, after, console)


def _advise(before: TenantSettings, after: TenantSettings, console: Console) -> None:
    if before.vocabulary_version != after.vocabulary_version:
        console.note(
            "Items that were described before keep their words until an administrator of the tenant runs "
            "`armoire reindex --stale`."
        )


def _show(settings: TenantSettings, console: Console) -> None:
    taxonomy, weights, outfits = settings.taxonomy, settings.rank_weights, settings.outfit_weights
    lines = [
        f"rank weights: {_SERVERS if weights is None else _text(asdict(weights))}",
        f"outfit weights: {_SERVERS if outfits is None else _text(asdict(outfits))}",
        f"categories: {_names(each.name for each in taxonomy.categories)}",
        *(f"{each.name}: {_names(each.values)}" for each in taxonomy.attributes),
        f"colors: {_names(each.name for each in taxonomy.colors)}",
        f"taxonomy version: {settings.vocabulary_version}",
    ]
    console.show(settings_document(settings), "\n  ".join([settings.tenant, *lines]))


def _names(names: Iterable[str]) -> str:
    return ", ".join(names) or _SERVERS


def _text(weights: Mapping[str, float | None]) -> str:
    return ", ".join(f"{name} {weight:g}" for name, weight in weights.items() if weight is not None)
