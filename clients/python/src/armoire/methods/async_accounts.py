"""The calls on users and keys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from armoire.async_caller import AsyncCaller
from armoire.calls import admin, users
from armoire.values.admin import ApiKey, NewApiKey, Scope
from armoire.values.types import Page
from armoire.values.users import Invitation, Me, PasswordReset, Role, User


class AsyncAccountMethods:
    """The calls on users and keys."""

    _caller: AsyncCaller

    async def create_api_key(
        self,
        name: str,
        scopes: Iterable[Scope | str],
        *,
        tenant: str = "",
        lifetime_s: float | None = None,
        timeout_s: float | None = None,
    ) -> NewApiKey:
        """Makes a key, of your tenant unless you run the server and name another. Its text is only here."""
        call = admin.create_api_key(name, scopes, tenant, lifetime_s)
        return await self._caller.run(call, timeout_s)

    async def list_api_keys(
        self,
        *,
        tenant: str = "",
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[ApiKey]:
        """A page of keys, newest first; revoked and expired ones, too."""
        return await self._caller.run(admin.list_api_keys(page_size, page_token, tenant), timeout_s)

    def iter_api_keys(
        self, *, tenant: str = "", page_size: int = 0, timeout_s: float | None = None
    ) -> AsyncIterator[ApiKey]:
        """Like `list_api_keys`, page after page; `timeout_s` is for each."""
        return self._caller.each(lambda token: admin.list_api_keys(page_size, token, tenant), timeout_s)

    async def rotate_api_key(
        self, key_id: str, *, overlap_s: float | None = None, timeout_s: float | None = None
    ) -> NewApiKey:
        """Gives a key a new text; that of before works for `overlap_s`, or ends at once."""
        return await self._caller.run(admin.rotate_api_key(key_id, overlap_s), timeout_s)

    async def revoke_api_key(self, key_id: str, *, timeout_s: float | None = None) -> ApiKey:
        """Lets a key open nothing any more."""
        return await self._caller.run(admin.revoke_api_key(key_id), timeout_s)

    async def get_me(self, *, timeout_s: float | None = None) -> Me:
        """Who you are to the server, and what you may do."""
        return await self._caller.run(users.get_me(), timeout_s)

    async def invite_user(
        self,
        email: str,
        role: Role | str,
        *,
        display_name: str = "",
        tenant: str = "",
        timeout_s: float | None = None,
    ) -> Invitation:
        """Adds a user of the web page, of your tenant unless you run the server and name another.

        No mail is sent: hand the token to the user, who sets a password with it.
        """
        return await self._caller.run(users.invite_user(email, role, display_name, tenant), timeout_s)

    async def list_users(
        self,
        *,
        tenant: str = "",
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[User]:
        """A page of users, newest first; disabled ones, too."""
        return await self._caller.run(users.list_users(page_size, page_token, tenant), timeout_s)

    def iter_users(
        self, *, tenant: str = "", page_size: int = 0, timeout_s: float | None = None
    ) -> AsyncIterator[User]:
        """Like `list_users`, page after page; `timeout_s` is for each."""
        return self._caller.each(lambda token: users.list_users(page_size, token, tenant), timeout_s)

    async def update_user(
        self,
        user_id: str,
        *,
        role: Role | str | None = None,
        display_name: str | None = None,
        disabled: bool | None = None,
        timeout_s: float | None = None,
    ) -> User:
        """Changes what is given. A user who is disabled loses all sessions."""
        call = users.update_user(user_id, role, display_name, disabled)
        return await self._caller.run(call, timeout_s)

    async def create_password_reset(self, user_id: str, *, timeout_s: float | None = None) -> PasswordReset:
        """Makes a token with which a user sets another password, within a day."""
        return await self._caller.run(users.create_password_reset(user_id), timeout_s)

    async def delete_user(self, user_id: str, *, timeout_s: float | None = None) -> None:
        """Deletes a user, whose sessions end."""
        await self._caller.run(users.delete_user(user_id), timeout_s)

    async def accept_invitation(self, token: str, password: str, *, timeout_s: float | None = None) -> User:
        """Sets the first password of a user who was invited."""
        return await self._caller.run(users.accept_invitation(token, password), timeout_s)

    async def reset_password(self, token: str, new_password: str, *, timeout_s: float | None = None) -> User:
        """Sets another password by a token of `create_password_reset`; the user's sessions end."""
        return await self._caller.run(users.reset_password(token, new_password), timeout_s)
