"""/tlog: the ledger as a transparency log (C2SP tlog-checkpoint and tlog-tiles), for everybody and for tools that are not ours.

Nothing here tells anything of a person: bundles hold salted commitments. Only what a published checkpoint covers is served; it never
changes, so it may be kept for ever.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter

from ledger.errors import BadInput, DataFolderError, ProofBroken
from ledger.transparency.cosignature import check_cosignatures
from ledger.transparency.tile import Tile, read_place
from streams.checkpoints import Published
from streams.wiring import Parts
from web.api.responses import READERS, problems
from web.problem import ProblemError, ProblemKind
from web.visitor import Visitor

TEXT = "text/plain"
BYTES = "application/octet-stream"
FOREVER = "public, max-age=31536000, immutable"
FRESH = "no-cache"
_LARGEST = 2**53 - 1

Place = Annotated[str, PathParameter(description="The number of the tile, as x001/x234/067; .p/<width> after it when it is partial.")]


class CosignatureItem(msgspec.Struct, frozen=True):
    """A witness's line under a checkpoint."""

    witness: str
    key_id: str
    """Eight hexadecimal digits."""
    line: str
    at: datetime | None
    """When the witness says that it made it; null for a witness whose key this ledger does not know."""


class CheckpointItem(msgspec.Struct, frozen=True):
    """A checkpoint, spelled out."""

    origin: str
    size: int
    root: str
    """In hexadecimal."""
    signed_at: datetime
    note: str
    """As it is served at /tlog/checkpoint while it is the newest."""
    cosignatures: tuple[CosignatureItem, ...]


class CheckpointsAnswer(msgspec.Struct, frozen=True):
    """A page of checkpoints, the newest first."""

    key: str
    """The public key of the log. Compare it with the one that you were given some other way."""
    checkpoints: list[CheckpointItem]
    fault: str | None
    """Why this log signs nothing any more; null when all is well."""
    witnesses: dict[str, str]
    """Witnesses that did not cosign when they were asked last, with the reason."""


def _item(parts: Parts, published: Published) -> CheckpointItem:
    known = check_cosignatures(published.note, [one.key for one in parts.checkpoints.witnesses.addresses])
    moments = {one.signature: one.at for one in known}
    log = parts.checkpoints.key
    return CheckpointItem(
        origin=published.checkpoint.origin,
        size=published.checkpoint.size,
        root=published.checkpoint.root.hex(),
        signed_at=published.signed_at,
        note=published.note.encode().decode(),
        cosignatures=tuple(
            CosignatureItem(one.name, f"{one.key_id:08x}", one.line, moments.get(one))
            for one in published.note.signatures
            if not log.made(one)
        ),
    )


def _none(nl: str, en: str) -> ProblemError:
    return ProblemError(ProblemKind.NOT_FOUND, nl, en, headers={"Cache-Control": "no-store"})


def _read(level: str, place: str) -> Tile:
    try:
        if not (level.isascii() and level.isdigit()) or str(int(level[:3])) != level:
            raise BadInput(f"{level[:20]!r} is no level of tiles")
        return read_place(int(level), place.removeprefix("/"))
    except BadInput as error:
        raise ProblemError(ProblemKind.BAD_PARAMETER, f"dit is geen pad van een tegel: {error}", str(error), pointer="path") from error


async def _published(parts: Parts, tile: Tile) -> Tile:
    if not tile.in_tree(await parts.checkpoints.size()):
        raise _none(
            "dit deel van de boom staat nog niet onder een gepubliceerd checkpoint",
            "this part of the tree is under no published checkpoint yet: read /tlog/checkpoint, and ask for no more than it covers",
        )
    return tile


@get("/tlog/checkpoint", summary="The newest checkpoint", tags=["Proofs"], media_type=TEXT, responses=problems(404))
async def checkpoint(parts: NamedDependency[Parts]) -> Response[bytes]:
    """C2SP tlog-checkpoint: a signed note with the log's name, its size and its root, signed by the log and cosigned by its witnesses."""
    latest = await parts.checkpoints.latest()
    if latest is None:
        raise _none("er is nog geen checkpoint; probeer het zo dadelijk", "there is no checkpoint yet; try again in a moment")
    return Response(latest.note.encode(), media_type=TEXT, headers={"Cache-Control": FRESH})


@get("/tlog/key", summary="The public key of the log", tags=["Proofs"], media_type=TEXT, responses=problems())
async def key(parts: NamedDependency[Parts]) -> Response[bytes]:
    """The key as tools take it (C2SP signed-note, a verifier key). Whoever distrusts this ledger has it from elsewhere and compares."""
    return Response(f"{parts.checkpoints.key.text}\n".encode(), media_type=TEXT, headers={"Cache-Control": FRESH})


async def _bundle(parts: Parts, place: str) -> Response[bytes]:
    tile = await _published(parts, _read("0", place))
    return Response(await parts.checkpoints.tree.bundle(tile), media_type=BYTES, headers={"Cache-Control": FOREVER})


@get("/tlog/tile/entries/{place:path}", summary="A bundle of 256 entries", tags=["Proofs"], media_type=BYTES, responses=problems(404))
async def bundle(parts: NamedDependency[Parts], place: Place) -> Response[bytes]:
    """C2SP tlog-tiles: the leaves, each after its length in two bytes. A leaf is the 32 bytes of an entry's commitment."""
    return await _bundle(parts, place)


@get("/tlog/entries/{place:path}", summary="The same bundle, by a shorter path", tags=["Proofs"], media_type=BYTES, responses=problems(404))
async def entries(parts: NamedDependency[Parts], place: Place) -> Response[bytes]:
    """What stands at /tlog/tile/entries/…"""
    return await _bundle(parts, place)


@get("/tlog/tile/{level:str}/{place:path}", summary="A tile of 256 hashes", tags=["Proofs"], media_type=BYTES, responses=problems(404))
async def tile(
    parts: NamedDependency[Parts],
    level: Annotated[str, PathParameter(description="0 … 63; a hash at level n is over 256**n entries.")],
    place: Place,
) -> Response[bytes]:
    """C2SP tlog-tiles: hashes of 32 bytes, one after the other."""
    found = await _published(parts, _read(level, place))
    return Response(await parts.checkpoints.tree.tile(found), media_type=BYTES, headers={"Cache-Control": FOREVER})


@get(
    "/tlog/proof/{position:int}", summary="The proof that an entry is in the log", tags=["Proofs"], media_type=TEXT, responses=problems(404)
)
async def proof(
    parts: NamedDependency[Parts], position: Annotated[int, PathParameter(ge=1, le=_LARGEST, description="The entry's position.")]
) -> Response[bytes]:
    """C2SP tlog-proof, under the newest checkpoint; `extra` is the entry's commitment. Whoever holds the tiles can make it too."""
    made = await parts.checkpoints.prove(position)
    if made is None:
        raise _none(
            f"positie {position} staat nog niet onder een checkpoint",
            f"position {position} is under no checkpoint yet; there is a new one every few seconds while the ledger grows",
        )
    return Response(made.encode(), media_type=TEXT, headers={"Cache-Control": FRESH})


@get("/api/checkpoints", summary="Checkpoints, the newest first", tags=["Proofs"], responses=problems())
async def checkpoints(
    parts: NamedDependency[Parts],
    before: Annotated[int | None, QueryParameter(ge=0, le=_LARGEST, description="Smaller than this size.")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=1_000, description="How many at the most.")] = 100,
) -> CheckpointsAnswer:
    """Every head that this log signed, with its cosignatures."""
    found = await parts.checkpoints.history(before, limit)
    return _answer(parts, found)


@post("/api/checkpoints", status_code=200, summary="Publish a checkpoint now", tags=["Proofs"], responses=problems(*READERS, 409))
async def publish(parts: NamedDependency[Parts], visitor: NamedDependency[Visitor]) -> CheckpointsAnswer:
    """Sign all that is in the ledger now, ask the witnesses, and answer the checkpoint. For the operator."""
    visitor.must_operate()
    try:
        return _answer(parts, [await parts.checkpoints.publish(insist=True)])
    except (ProofBroken, DataFolderError) as error:
        raise ProblemError(ProblemKind.CONFLICT, f"er wordt niets ondertekend: {error}", str(error)) from error


def _answer(parts: Parts, found: list[Published]) -> CheckpointsAnswer:
    return CheckpointsAnswer(
        key=parts.checkpoints.key.text,
        checkpoints=[_item(parts, one) for one in found],
        fault=parts.checkpoints.fault,
        witnesses=dict(parts.checkpoints.witnesses.faults),
    )


HANDLERS = [checkpoint, key, bundle, entries, tile, proof, checkpoints, publish]
