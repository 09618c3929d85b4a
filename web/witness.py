"""The witness over HTTP: two addresses of C2SP tlog-witness, and its public key. It needs nothing of a ledger."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from streams.witnessing import Answer, Witness

MOST_BYTES = 256 * 1024
_LATEST = re.compile(r"/([0-9a-f]{64})/checkpoint")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def create_witness(witness: Witness) -> App:
    """The ASGI application of a witness. One request is answered after the other."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        answer = await _answer(witness, scope["method"], scope["path"], receive)
        headers = [
            (b"content-type", answer.content_type.encode()),
            (b"content-length", str(len(answer.body)).encode()),
            (b"cache-control", b"no-cache"),
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    return app


async def _answer(witness: Witness, method: str, path: str, receive: Receive) -> Answer:
    if path == "/add-checkpoint":
        if method != "POST":
            return Answer(405, b"POST a request to this address\n")
        body = await _body(receive)
        return Answer(413, f"a request has at most {MOST_BYTES} bytes\n".encode()) if body is None else witness.add_checkpoint(body)
    if method in {"GET", "HEAD"}:
        if path == "/key":
            return Answer(200, f"{witness.key.verifier.text}\n".encode())
        if match := _LATEST.fullmatch(path):
            kept = witness.kept(match[1])
            return (
                Answer(404, b"this witness has cosigned no checkpoint of that log\n") if kept is None else Answer(200, kept.note.encode())
            )
    return Answer(404, b"a witness answers POST /add-checkpoint, GET /<hash of the log's name>/checkpoint and GET /key\n")


async def _body(receive: Receive) -> bytes | None:
    """The body; None when it is too large."""
    parts, size = [], 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > MOST_BYTES:
            return None
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)
