"""`armoire admin user`: the people who sign in to a server's web page."""

from __future__ import annotations

import argparse

from armoire.async_client import AsyncClient
from armoire.command.console import Console
from armoire.command.documents import Document, user_document
from armoire.command.options import Commands, Run, add_command, add_group, add_limit
from armoire.command.records import RecordKind, delete_each, show_newest
from armoire.values.users import Role, User

GROUP = "admin user"
EXAMPLES = """\
  armoire admin user invite ann@shop.example --role reviewer --tenant shop
  armoire admin user list
  armoire admin user update 3f2a91c04d7e55b0 --role editor
  armoire admin user update 3f2a91c04d7e55b0 --disable
  armoire admin user reset 3f2a91c04d7e55b0
  armoire admin user delete 3f2a91c04d7e55b0"""
ROLES = [role.value.lower() for role in Role if role is not Role.UNKNOWN]
ROLE_HELP = (
    "viewer: search and analyze; reviewer: also correct labels; editor: also index, change and delete; "
    "administrator: also keys, users and models"
)
ID_HELP = "as `armoire admin user list` shows it"


def add_to(admin: Commands) -> None:
    summary = "Invite, list, change and delete the users of the web page. No mail is sent."
    group = add_group(admin, "user", summary, EXAMPLES)
    _add_invite(group)
    parser = _add(
        group, "list", list_users, "List users, the newest first.", "  armoire admin user list --json"
    )
    parser.add_argument("--tenant", default="", help="only users of this tenant")
    add_limit(parser)
    _add_update(group)
    summary = "Make a token with which a user sets another password, and print it."
    parser = _add(group, "reset", reset_user, summary, "  armoire admin user reset 3f2a91c04d7e55b0")
    parser.add_argument("user_id", metavar="USER_ID", help=ID_HELP)
    summary = "Delete users, whose sessions end."
    parser = _add(group, "delete", delete_users, summary, "  armoire admin user delete 3f2a91c04d7e55b0")
    parser.add_argument("user_ids", nargs="+", metavar="USER_ID", help=ID_HELP)


def _add_invite(group: Commands) -> None:
    summary = "Add a user, and print the token for the first password. It works once, for 7 days."
    example = "  armoire admin user invite ann@shop.example --role reviewer --name Ann"
    parser = _add(group, "invite", invite_user, summary, example)
    parser.add_argument("email", metavar="EMAIL", help="with which the user signs in")
    parser.add_argument("--role", required=True, choices=ROLES, help=ROLE_HELP)
    parser.add_argument(
        "--name",
        default="",
        dest="display_name",
        help="how the page calls the user (default: the e-mail address)",
    )
    parser.add_argument("--tenant", default="", help="whose data the user sees (default: yours)")


def _add_update(group: Commands) -> None:
    summary = "Change what a user is called and may do; it counts at once."
    example = "  armoire admin user update 3f2a91c04d7e55b0 --role editor --enable"
    parser = _add(group, "update", update_user, summary, example)
    parser.add_argument("user_id", metavar="USER_ID", help=ID_HELP)
    parser.add_argument("--role", choices=ROLES, help=ROLE_HELP)
    parser.add_argument("--name", dest="display_name", help="how the page calls the user")
    states = parser.add_mutually_exclusive_group()
    states.add_argument(
        "--disable",
        action="store_const",
        const=True,
        dest="disabled",
        help="end all sessions and let the user not sign in",
    )
    states.add_argument(
        "--enable", action="store_const", const=False, dest="disabled", help="let the user sign in again"
    )


def _add(group: Commands, name: str, run: Run, summary: str, example: str) -> argparse.ArgumentParser:
    return add_command(group, name, run, summary, example, group=GROUP)


async def invite_user(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    made = await client.invite_user(
        arguments.email, arguments.role, display_name=arguments.display_name, tenant=arguments.tenant
    )
    document: Document = user_document(made.user) | {
        "token": made.token,
        "expire_time": made.expire_time.isoformat() if made.expire_time else None,
    }
    console.show(document, made.token)
    console.note(
        f"Hand it to {made.user.email}, who sets a password with it. It is not shown again. "
        f"The user's id is {made.user.id}."
    )


async def list_users(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await show_newest(
        USERS,
        lambda page_size: client.iter_users(tenant=arguments.tenant, page_size=page_size),
        arguments.limit,
        console,
    )


async def update_user(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    user = await client.update_user(
        arguments.user_id,
        role=arguments.role,
        display_name=arguments.display_name,
        disabled=arguments.disabled,
    )
    USERS.show([user], console)


async def reset_user(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    reset = await client.create_password_reset(arguments.user_id)
    expire_time = reset.expire_time.isoformat() if reset.expire_time else None
    document: Document = {"user_id": arguments.user_id, "token": reset.token, "expire_time": expire_time}
    console.show(document, reset.token)
    console.note("Hand it to the user, who sets another password with it. It is not shown again.")


async def delete_users(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await delete_each("user_id", client.delete_user, arguments.user_ids, console)


def _row(user: User) -> tuple[object, ...]:
    state = "disabled" if user.disabled else "active" if user.has_password else "invited"
    times = (user.create_time, user.last_sign_in_time)
    shown = (time.isoformat(sep=" ", timespec="minutes") if time else "" for time in times)
    return (user.id, user.email, user.display_name, user.tenant, user.role.value.lower(), state, *shown)


USERS = RecordKind(
    "id",
    user_document,
    ("id", "e-mail", "name", "tenant", "role", "state", "created", "last sign-in"),
    _row,
)
