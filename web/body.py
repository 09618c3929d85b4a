"""Request bodies: read as they come, with a hard limit before and after decompression."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

from web.problem import ProblemError, ProblemKind

MAX_REQUEST_BYTES = 5 * 1024 * 1024
"""The largest request, decompressed (design.md section 6)."""
_DRAINED = 8
"""How many times the limit is read and thrown away before the line is cut: most clients only read an answer after they sent all."""


async def read_body(chunks: AsyncIterator[bytes], *, encoding: str = "", limit: int = MAX_REQUEST_BYTES) -> bytes:
    """The whole body, decompressed when ``encoding`` is gzip.

    :raises ProblemError: 413 beyond ``limit``, 415 for another encoding, 400 when the gzip data is broken.
    """
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        return await _plain(chunks, limit)
    if encoding in {"gzip", "x-gzip"}:
        return await _gunzipped(chunks, limit)
    raise ProblemError(
        ProblemKind.MEDIA,
        "deze Content-Encoding wordt niet gelezen: stuur gzip of ongecomprimeerd",
        "this Content-Encoding is not read: send gzip or uncompressed",
        headers={"Accept-Encoding": "gzip, identity"},
    )


async def _plain(chunks: AsyncIterator[bytes], limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > limit:
            await _drain(chunks, limit)
            raise too_large(limit)
        parts.append(chunk)
    return b"".join(parts)


async def _gunzipped(chunks: AsyncIterator[bytes], limit: int) -> bytes:
    inflater = zlib.decompressobj(wbits=31)
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        while chunk:
            if inflater.eof:  # gzip members may follow one another
                inflater = zlib.decompressobj(wbits=31)
            try:
                plain = inflater.decompress(chunk, limit - size + 1)
            except zlib.error as error:
                raise _broken_gzip() from error
            size += len(plain)
            if size > limit:
                await _drain(chunks, limit)
                raise too_large(limit)
            parts.append(plain)
            chunk = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    if not inflater.eof:
        raise _broken_gzip()
    return b"".join(parts)


async def _drain(chunks: AsyncIterator[bytes], limit: int) -> None:
    left = limit * _DRAINED
    async for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            return


def too_large(limit: int) -> ProblemError:
    """The 413 for a body beyond ``limit`` bytes."""
    return ProblemError(
        ProblemKind.TOO_LARGE,
        f"het verzoek is groter dan {limit} bytes: stuur kleinere delen",
        f"the request is larger than {limit} bytes: send smaller parts",
    )


def _broken_gzip() -> ProblemError:
    return ProblemError(
        ProblemKind.BAD_REQUEST,
        "de gzip-gegevens zijn beschadigd of afgebroken: stuur het verzoek opnieuw",
        "the gzip data is broken or cut short: send the request again",
    )
