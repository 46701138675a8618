"""AccountService: the caller's own account."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote

import grpc

from armoire.v1 import account_pb2
from domain.errors import FailedPrecondition
from services.access.user import user_id_of
from services.access.user_token import Purpose
from services.edge.calls import current_principal
from services.edge.conversion.types import time_from_us
from services.edge.conversion.users import user_to_proto
from services.edge.hosted_service import HostedService
from services.edge.http.session_cookies import session_cookie
from services.edge.web_request import WEB_REQUEST, WebRequest

if TYPE_CHECKING:
    from services.access.administration import Administration
    from services.access.sessions import NewSession

ACCOUNT = account_pb2.DESCRIPTOR.services_by_name["AccountService"]
Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any] | None"
_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class SignInRules:
    """Attributes:
    needed: whether callers have to say who they are.
    plain: whether users of other machines may sign in without TLS.
    """

    needed: bool = False
    plain: bool = False

    def web_request(self) -> WebRequest:
        """The request whose caller may have a session.

        Raises:
            FailedPrecondition: sessions mean nothing here, or a password would pass in plain text.
            PermissionDenied: a page of another origin may have sent it.
        """
        request = WEB_REQUEST.get()
        if request is None:
            text = "users sign in over HTTP, which has cookies; programs send a key"
            raise FailedPrecondition(text, reason="SIGN_IN_OVER_HTTP")
        if not self.needed:
            text = "this server asks nobody who they are: ARMOIRE_AUTH__MODE=required lets users sign in"
            raise FailedPrecondition(text, reason="SIGN_IN_OFF")
        if not (request.encrypted or request.local or self.plain):
            text = "from another machine users sign in over TLS: see ARMOIRE_TLS__CERTIFICATE_FILE"
            raise FailedPrecondition(text, reason="TLS_NEEDED")
        if request.refusal is not None:
            raise request.refusal
        return request


class AccountServicer:
    """Converts, calls `Accounts`, converts; `opened` opens their database if need be."""

    def __init__(self, opened: Callable[[], Awaitable[Administration]], rules: SignInRules) -> None:
        self._opened = opened
        self._rules = rules

    async def SignIn(
        self, request: account_pb2.SignInRequest, context: Context
    ) -> account_pb2.SignInResponse:
        web, accounts = self._rules.web_request(), (await self._opened()).accounts
        user, new = await accounts.sign_in(request.email, request.password, web.address, web.session)
        _set_cookie(web, new)
        expire_time = time_from_us(new.session.expire_us)
        return account_pb2.SignInResponse(user=user_to_proto(user), expire_time=expire_time)

    async def SignOut(
        self, request: account_pb2.SignOutRequest, context: Context
    ) -> account_pb2.SignOutResponse:
        web = WEB_REQUEST.get()
        if web is not None and web.session:
            if web.refusal is not None:
                raise web.refusal
            await (await self._opened()).accounts.sign_out(web.session)
            web.cookies.append(session_cookie("", web.encrypted, 0))
        return account_pb2.SignOutResponse()

    async def GetMe(self, request: account_pb2.GetMeRequest, context: Context) -> account_pb2.GetMeResponse:
        principal = current_principal()
        named = user_id_of(principal) is not None
        user = await (await self._opened()).accounts.me(principal) if named else None
        return account_pb2.GetMeResponse(
            user=None if user is None else user_to_proto(user),
            subject=principal.subject,
            tenant=principal.tenant_id,
            scopes=[f"SCOPE_{scope.name}" for scope in sorted(principal.scopes)],
        )

    async def ChangePassword(
        self, request: account_pb2.ChangePasswordRequest, context: Context
    ) -> account_pb2.ChangePasswordResponse:
        web, accounts = self._rules.web_request(), (await self._opened()).accounts
        new = await accounts.change_password(
            current_principal(), request.current_password, request.new_password, web.address
        )
        _set_cookie(web, new)
        return account_pb2.ChangePasswordResponse(expire_time=time_from_us(new.session.expire_us))

    async def AcceptInvitation(
        self, request: account_pb2.AcceptInvitationRequest, context: Context
    ) -> account_pb2.AcceptInvitationResponse:
        accounts, address = (await self._opened()).accounts, _address(context)
        user = await accounts.use_token(
            Purpose.INVITATION, request.token, "password", request.password, address
        )
        return account_pb2.AcceptInvitationResponse(user=user_to_proto(user))

    async def ResetPassword(
        self, request: account_pb2.ResetPasswordRequest, context: Context
    ) -> account_pb2.ResetPasswordResponse:
        accounts, address = (await self._opened()).accounts, _address(context)
        user = await accounts.use_token(
            Purpose.RESET, request.token, "new_password", request.new_password, address
        )
        return account_pb2.ResetPasswordResponse(user=user_to_proto(user))


def hosted_account(opened: Callable[[], Awaitable[Administration]], rules: SignInRules) -> HostedService:
    """The service for the port."""
    return HostedService(ACCOUNT, AccountServicer(opened, rules))


def _set_cookie(web: WebRequest, new: NewSession) -> None:
    lifetime_us = new.session.expire_us - new.session.create_us
    web.cookies.append(session_cookie(new.text, web.encrypted, lifetime_us // _MICROSECONDS))


def _address(context: Context) -> str:
    """The caller's network address. gRPC has it as "ipv4:127.0.0.1:5000" or "ipv6:%5B::1%5D:5000"."""
    web = WEB_REQUEST.get()
    if web is not None or context is None:
        return "" if web is None else web.address
    host = context.peer().partition(":")[2].rpartition(":")[0]
    return unquote(host).strip("[]")
