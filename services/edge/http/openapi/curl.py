"""The command lines that make a call with `curl`.

They name the server by the shell's variable SERVER, such as http://127.0.0.1:3000.
"""

from __future__ import annotations

import json
import shlex
from typing import Any

CONNECT_JSON = "application/connect+json"


def post_command(path: str, request: dict[str, Any]) -> str:
    return f"curl -H 'content-type: application/json' -d {_quoted(request)} {_url(path)}"


def get_command(path: str, request: dict[str, Any]) -> str:
    message = shlex.quote(f"message={_text(request)}")
    return f"curl -G -d connect=v1 -d encoding=json --data-urlencode {message} {_url(path)}"


def stream_command(path: str, request: dict[str, Any]) -> str:
    """The request is one envelope: a byte of flags, four of the length, the message."""
    length = len(_text(request).encode())
    prefix = "".join(f"\\{byte:03o}" for byte in b"\0" + length.to_bytes(4, "big"))
    send = f"curl -N -o - -H 'content-type: {CONNECT_JSON}' --data-binary @- {_url(path)}"
    return f"printf '{prefix}%s' {_quoted(request)} | {send}"


def form_command(path: str) -> str:
    return f"curl -F image=@photo.jpg {_url(path)}"


def probe_command(path: str) -> str:
    return f"curl {_url(path)}"


def _text(request: dict[str, Any]) -> str:
    return json.dumps(request, separators=(",", ":"), ensure_ascii=False)


def _quoted(request: dict[str, Any]) -> str:
    return shlex.quote(_text(request))


def _url(path: str) -> str:
    return f'"$SERVER{path}"'
