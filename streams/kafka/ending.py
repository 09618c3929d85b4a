"""Ending a client of aiokafka, whatever state it is in, within a time.

The client's own ``stop`` cannot be relied on: a consumer's swallows the cancellation of whoever awaits it, or raises one that
nobody asked for when a fetch has just failed; a producer's waits until everything was sent, for ever when a broker is away, and
when that wait is cut short the producer lives on and sends later what somebody else has sent already. So a client is ended step
by step in a task of its own, its sending first, and no step keeps its maker waiting.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.client import AIOKafkaClient

log = logging.getLogger(__name__)

AnyClient: TypeAlias = AIOKafkaConsumer | AIOKafkaProducer | AIOKafkaAdminClient
END_SECONDS = 3.0
_ASK_AGAIN = 1.0
_lingering: set[asyncio.Task[None]] = set()


async def end(client: AnyClient) -> None:
    """End a client: nothing that it still holds is sent. It takes three seconds at the most; a cancellation is passed on after them."""
    task = asyncio.create_task(_end(client), name="ending a Kafka client")
    if not await _done(task, END_SECONDS):
        log.warning("a Kafka client did not end within %.0f s and is left to itself: it sends nothing any more", END_SECONDS)
        _lingering.add(task)
        task.add_done_callback(_lingering.discard)
        task.cancel()


async def end_task(task: asyncio.Task[object]) -> None:
    """Cancel a task until it ends, however often it swallows that; what it raises is not raised here. A cancellation is passed on."""
    cancelled = False
    while not task.done():
        task.cancel()
        try:
            await asyncio.wait({task}, timeout=_ASK_AGAIN)
        except asyncio.CancelledError:
            cancelled = True
    if not task.cancelled():
        task.exception()
    if cancelled:
        raise asyncio.CancelledError


async def _done(task: asyncio.Task[None], seconds: float) -> bool:
    loop = asyncio.get_running_loop()
    cancelled, until = False, loop.time() + seconds
    while not task.done() and (left := until - loop.time()) > 0:
        try:
            await asyncio.wait({task}, timeout=left)
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        task.cancel()
        raise asyncio.CancelledError
    return task.done()


async def _end(client: AnyClient) -> None:
    inner: AIOKafkaClient = client.client if isinstance(client, AIOKafkaProducer) else client._client
    client._closed = True
    if isinstance(client, AIOKafkaProducer):
        await _stop_sending(client)
    elif isinstance(client, AIOKafkaConsumer):
        for fetch in client._fetcher._pending_tasks if client._fetcher is not None else ():
            fetch.cancel()
        for part in (client._coordinator, client._fetcher):
            if part is not None:
                await _quietly(part.close)
    await _quietly(inner.close)


async def _stop_sending(producer: AIOKafkaProducer) -> None:
    sender = producer._sender.sender_task if producer._sender is not None else None
    if sender is None or sender.done():
        return
    # From here on no batch leaves any more. What is on its way fails with its connection, and then the sender ends; no metadata
    # come any more either, so whoever waits for them is let go.
    sender.cancel()
    inner = producer.client
    for connection in list(inner._conns.values()):
        connection.close()
    await _quietly(inner.close)
    while not sender.done():
        for connection in list(inner._conns.values()):
            connection.close()
        if inner._md_update_fut is not None and not inner._md_update_fut.done():
            inner._md_update_fut.set_result(False)
        await asyncio.wait({sender}, timeout=0.05)


async def _quietly(step: Callable[[], Awaitable[object]]) -> None:
    """A step of an ending: neither its failure nor a cancellation out of it stops the next one."""
    with contextlib.suppress(Exception, asyncio.CancelledError):
        await step()
