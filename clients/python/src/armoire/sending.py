"""Sends the bytes of uploads to their URLs, which may be a server's or S3's."""

from __future__ import annotations

import base64
import binascii
import json
import ssl
import time
import urllib.error
import urllib.request

from google.rpc import code_pb2, status_pb2

from armoire.errors import (
    ArmoireError,
    DeadlineExceeded,
    NotFound,
    PermissionDenied,
    ServerError,
    Unavailable,
)
from armoire.retries import RetryPolicy
from armoire.status import NO_ANSWER, error_from_status
from armoire.values.uploads import UploadTarget

_PROBLEM = "application/problem+json"
_SCHEMES = ("http://", "https://")


def send_photo(
    target: UploadTarget,
    content: bytes,
    timeout_s: float,
    policy: RetryPolicy,
    tls: ssl.SSLContext | None = None,
) -> None:
    """Sends the bytes, and again where that may help; `tls` checks the certificates of https:// URLs.

    Raises:
        ArmoireError: they were refused, or there was no answer in time.
    """
    deadline_s, tries = time.monotonic() + timeout_s, 0
    while True:
        try:
            return _put(target, content, deadline_s - time.monotonic(), tls)
        except ArmoireError as error:
            tries += 1
            wait_s = policy.backoff_s(tries, error)
            if wait_s is None or time.monotonic() + wait_s >= deadline_s:
                raise
        time.sleep(wait_s)


def _put(target: UploadTarget, content: bytes, timeout_s: float, tls: ssl.SSLContext | None) -> None:
    if not target.url.startswith(_SCHEMES):
        raise ServerError("the server has answered with a URL for the upload that is not of HTTP")
    request = urllib.request.Request(target.url, content, dict(target.headers), method="PUT")
    try:
        with urllib.request.urlopen(request, timeout=timeout_s, context=tls):
            return
    except urllib.error.HTTPError as answer:
        with answer:
            raise _refusal(answer) from None
    except TimeoutError:
        raise DeadlineExceeded("the upload took too long", code="DEADLINE_EXCEEDED") from None
    except (OSError, ValueError) as error:  # of the connection; its text has no part of the URL
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            raise DeadlineExceeded("the upload took too long", code="DEADLINE_EXCEEDED") from None
        text = f"the upload was not answered: {reason}"
        raise Unavailable(text, code="UNAVAILABLE", reason=NO_ANSWER) from None


def _refusal(answer: urllib.error.HTTPError) -> ArmoireError:
    """What the answer says: Armoire's in all its parts, S3's by the status alone."""
    body = answer.read()
    if answer.headers.get_content_type() == _PROBLEM and (status := _status(body)) is not None:
        error = error_from_status(status)
        error.request_id = answer.headers.get("x-request-id", "")
        return error
    text = f"the upload was refused with the HTTP status {answer.code}"
    match answer.code:
        case 401 | 403:
            return PermissionDenied(text, code="PERMISSION_DENIED")
        case 404 | 410:
            return NotFound(text, code="NOT_FOUND")
        case code if code in (408, 429) or code >= 500:
            return Unavailable(text, code="UNAVAILABLE")
    return ServerError(text)


def _status(body: bytes) -> status_pb2.Status | None:
    """The status in problem details; None if they have none."""
    try:
        problem = json.loads(body)
        status = status_pb2.Status(
            code=code_pb2.Code.Value(problem["code"].upper()), message=problem["message"]
        )
        for detail in problem["details"]:
            value = base64.b64decode(detail["value"] + "==")
            status.details.add(type_url=f"type.googleapis.com/{detail['type']}", value=value)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        return None
    return status
