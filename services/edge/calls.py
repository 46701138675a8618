"""The begin and the end of a call: the same for gRPC and HTTP, unary calls and streams."""

from __future__ import annotations

import asyncio
import math
import re
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AbstractContextManager, aclosing
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from google.rpc.code_pb2 import Code
from google.rpc.status_pb2 import Status

from domain.calls import CURRENT_CALL, Call
from domain.end_users import check_end_user
from domain.errors import Overloaded, Unauthenticated, Unavailable, reason_of
from domain.spans import Trace
from domain.types import DEFAULT_PRINCIPAL, Principal
from services.access.access import ANY_CALLER, NOBODY, Anyone, Callers, Requirement, Requirements
from services.edge.admission import Admission
from services.edge.failure_log import FailureLog
from services.edge.web_request import WEB_REQUEST

T = TypeVar("T")

REQUEST_ID_KEY = "x-request-id"
AUTHORIZATION_KEY = "authorization"
END_USER_KEY = "armoire-end-user"
TRACEPARENT_KEY = "traceparent"
"""Source: W3C Trace Context."""
LONGEST_PAUSE_S = 1.0
"""After which a stream that was read too fast is tried again, because the window slides."""
_AUTHORIZED: ContextVar[ActiveCall | None] = ContextVar("authorized", default=None)
"""The call that this task serves, once its caller is known."""


class CallObserver(Protocol):
    """Receives the method, status name, reason of failure or "", and seconds of every finished call."""

    def __call__(self, method: str, status: str, reason: str, seconds: float, /) -> None: ...


def observe_nothing(_method: str, _status: str, _reason: str, _seconds: float) -> None:
    """A `CallObserver` that does nothing."""


class CallTrace(Trace, Protocol):
    """The trace of a call, which ends with the call."""

    def end(self, status: str, reason: str) -> None: ...


class Tracer(Protocol):
    """Begins the trace of a call."""

    def begin(self, method: str, system: str, traceparent: str | None, /) -> CallTrace | None:
        """The trace of a call that begins in this task; None if it is not traced."""
        ...

    def work(self, name: str, /) -> AbstractContextManager[Trace | None]:
        """A trace of background work; see `TracedWork`."""
        ...

    def close(self) -> None:
        """Send what was not sent yet."""


@dataclass(slots=True, eq=False)
class Calls:
    """Begins the calls of a server.

    Attributes:
        admission: of calls with one request and one response.
        streams: of all others. Streams, such as watched jobs, mostly wait.
        callers: tells who calls, and counts their calls.
        requirements: what each method wants of its caller; None wants nothing.
        tracer: begins traces; None traces nothing.
    """

    admission: Admission
    streams: Admission = field(default_factory=lambda: Admission(1024, "streams"))
    observe: CallObserver = observe_nothing
    failures: FailureLog = field(default_factory=FailureLog)
    callers: Callers = Anyone()
    requirements: Requirements | None = None
    tracer: Tracer | None = None
    last_begun: float = field(default=-math.inf, init=False)
    _draining: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    def begin(
        self, method: str, headers: Mapping[str, Any], remaining_s: float | None, system: str = "http"
    ) -> ActiveCall:
        """Begin a call in this task: `CURRENT_CALL` is its id and deadline from now on.

        `headers` are what the caller sent, by names in lower case, `remaining_s` the seconds that the caller
        waits. `system` is "grpc", "connectrpc" or "http". `ActiveCall.authorize` comes next.
        """
        self.last_begun = now = time.monotonic()
        deadline = None if remaining_s is None else now + remaining_s
        parent = headers.get(TRACEPARENT_KEY)
        trace = None if self.tracer is None else self.tracer.begin(method, system, parent)
        request_id = sane_request_id(headers.get(REQUEST_ID_KEY))
        rates, name = self.callers.rates, method.rpartition("/")[2]
        CURRENT_CALL.set(Call(request_id, DEFAULT_PRINCIPAL, deadline, trace, name, rates=rates))
        return ActiveCall(method, request_id, now, headers, self, trace)

    def restrict(self, callers: Callers, requirements: Requirements) -> None:
        """Let callers make only the calls that they may, and only so many, from now on."""
        self.callers, self.requirements = callers, requirements

    def admission_of(self, streaming: bool) -> Admission:
        return self.streams if streaming else self.admission

    def drain(self) -> None:
        """Let the callers that stream end soon: see `until_drained`."""
        self._draining.set()

    async def requests(self, sent: AsyncIterator[T]) -> AsyncGenerator[T, None]:
        """The requests of a stream, `until_drained`, as long as the caller may make the call.

        A tenant with too many of them is read slowly. Raises as `ActiveCall.check_again`.
        """
        async with aclosing(self.until_drained(sent)) as read:
            async for request in read:
                await _check_again()
                await self._throttle()
                yield request

    async def watched(self, responses: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
        """The responses of a call that watches for as long as its caller wants and may, `until_drained`.

        Raises as `ActiveCall.check_again`.
        """
        async with aclosing(responses), aclosing(self.until_drained(responses)) as following:
            async for response in following:
                await _check_again()
                yield response

    async def until_drained(self, messages: AsyncIterator[T]) -> AsyncGenerator[T, None]:
        """The messages of a stream, until `drain` is called.

        Raises:
            Unavailable: the server drains. What was read before is to be answered.
        """
        draining = asyncio.create_task(self._draining.wait())
        try:
            while not self._draining.is_set():
                following = asyncio.ensure_future(anext(messages, None))
                if not await _is_first(following, draining):
                    break
                if (message := following.result()) is None:
                    return
                yield message
        finally:
            draining.cancel()
        raise Unavailable("the server is shutting down; send what has no answer again", reason="DRAINING")

    async def _throttle(self) -> None:
        """Count a request of a stream, as soon as the tenant may make another one."""
        tenant_id = current_principal().tenant_id
        while True:
            try:
                return await self.callers.rates.take(tenant_id)
            except Overloaded as error:
                await asyncio.sleep(min(error.retry_after_s, LONGEST_PAUSE_S))


@dataclass(frozen=True, slots=True, eq=False)
class ActiveCall:
    """A call that has begun. Exactly one of its methods ends it."""

    method: str
    request_id: str
    started: float
    _headers: Mapping[str, Any]
    _calls: Calls
    _trace: CallTrace | None = None

    async def authorize(self) -> None:
        """Find out who calls, and for whom, and count the call: `CURRENT_CALL` tells it from now on.

        Raises:
            Unauthenticated: it is not known who calls.
            PermissionDenied: the caller may not make this call.
            InvalidInput: the end user's id is none that is taken.
            Overloaded: the tenant has made too many calls.
        """
        if self._requirement.anyone:
            CURRENT_CALL.set(CURRENT_CALL.get().of_caller(NOBODY))
            return
        principal = await self._allowed()
        _AUTHORIZED.set(self)
        given = self._headers.get(END_USER_KEY)
        if given is not None or principal is not DEFAULT_PRINCIPAL:
            end_user = "" if given is None else check_end_user(END_USER_KEY, given)
            CURRENT_CALL.set(CURRENT_CALL.get().of_caller(principal, end_user))
        await self._calls.callers.rates.take(principal.tenant_id)

    async def check_again(self) -> None:
        """Find out whether the caller may still make this call, which goes on for long.

        A key or token that has merely expired was good enough to begin with.

        Raises:
            Unauthenticated: the key was revoked or changed, or the session has ended.
            PermissionDenied: the user has another role by now.
            Unavailable: sessions cannot be read.
        """
        try:
            await self._allowed()
        except Unauthenticated as error:
            if error.reason != "KEY_EXPIRED":
                raise

    @property
    def _requirement(self) -> Requirement:
        requirements = self._calls.requirements
        return ANY_CALLER if requirements is None else requirements[self.method]

    async def _allowed(self) -> Principal:
        """The caller, who may make this call."""
        principal = await self._principal()
        self._requirement.check(self.method, principal)
        return principal

    async def _principal(self) -> Principal:
        """The caller, by the authorization header, or else by the cookie of a session."""
        access, request = self._calls.callers.access, WEB_REQUEST.get()
        authorization = self._headers.get(AUTHORIZATION_KEY)
        if authorization or request is None or not request.session:
            return access.principal(authorization)
        principal = await access.session_principal(request.session)
        if request.refusal is not None and principal is not DEFAULT_PRINCIPAL:
            raise request.refusal
        return principal

    def succeed(self) -> None:
        self.end(Code.OK)

    def cancel(self) -> None:
        """The caller has gone."""
        self.end(Code.CANCELLED, "CANCELLED")

    def fail(self, error: Exception) -> Status:
        """The status for the caller. The error is logged if it is the server's."""
        status = self._calls.failures.status_of(error)
        self.end(status.code, reason_of(error))
        return status

    def end(self, code: int, reason: str = "") -> None:
        """End the call with a code of google.rpc.Code, and the reason if it failed."""
        status = Code.Name(code)
        self._calls.observe(self.method, status, reason, time.monotonic() - self.started)
        if self._trace is not None:
            self._trace.end(status, reason)


async def _check_again() -> None:
    call = _AUTHORIZED.get()
    if call is not None:
        await call.check_again()


async def _is_first(wanted: asyncio.Future[T], other: asyncio.Future[Any]) -> bool:
    """Whether `wanted` is done when either is; otherwise it is cancelled."""
    either: set[asyncio.Future[Any]] = {wanted, other}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        return wanted.done()
    finally:
        if not wanted.done():
            wanted.cancel()
            await asyncio.wait({wanted})


def current_principal() -> Principal:
    """The caller of the call that this task serves."""
    return CURRENT_CALL.get().principal


def current_request_id() -> str:
    """The id of the call that this task serves."""
    return CURRENT_CALL.get().request_id


def sane_request_id(given: object) -> str:
    """The caller's id if it is 1 to 64 ASCII word characters, dots, colons or hyphens; else a new one."""
    if isinstance(given, str) and re.fullmatch(r"[\w.:-]{1,64}", given, re.ASCII):
        return given
    return uuid.uuid4().hex
