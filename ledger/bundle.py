"""Bundles: what a ledger hands over about one person, one figure or a range of entries, checkable by whoever holds the file.

A bundle is a file of JSON lines, UTF-8. Every line is an object with one member; bytes are base64.

    {"bundle": {"format", "kind", "of", "ledger", "made_at", "log", "witnesses"}}     first; keys as the text of a C2SP verifier key
    {"checkpoint": "…"}                                                               the signed note that everything hangs from
    {"earlier": {"checkpoint", "proof"}}                                              older notes, each with its consistency proof
    {"cut": {"position", "root", "proof"}}                                            the root at the position of a figure, proved likewise
    {"figure": {…}}                                                                   the figure as the ledger tells it
    {"entry": {"position", "commitment", "proof", "salt", "canonical", "withheld"}}   an entry with its inclusion proof
    {"end": {"entries"}}                                                              last

``canonical`` is the RFC 8785 JSON of the entry, as text; ``commitment`` is SHA-256(salt ‖ canonical). An entry whose content is not
handed over has neither, and ``withheld`` says why: ``sealed``, ``restricted`` or ``erased``. Its proof holds all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from ledger.errors import BadInput, ProofBroken
from ledger.transparency.checkpoint import Checkpoint, open_checkpoint
from ledger.transparency.commitment import commitment
from ledger.transparency.cosignature import Cosigned, check_cosignatures
from ledger.transparency.note import VerifierKey, read_verifier_key
from ledger.transparency.proof import check_consistency, check_inclusion
from ledger.transparency.tree import leaf_hash

FORMAT = "trajectory-ledger bundle 1"
_NOTHING = msgspec.Raw(b"null")


class Kind(StrEnum):
    """What a bundle is about."""

    PERSON = "person"
    FIGURE = "figure"
    RANGE = "range"


class Withheld(StrEnum):
    """Why the content of an entry is not in the bundle."""

    SEALED = "sealed"
    """It is about a person, and the bundle was made without the right to open it."""
    ERASED = "erased"
    """Nobody can open it any more."""
    RESTRICTED = "restricted"
    """Signals of discrimination and notices of sanction: not even every reader opens these."""


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What the bundle says of itself. Keys in it are as good as whoever handed it over."""

    format: str
    kind: Kind
    of: str
    """The person's stream, the indicator, or ``first:last``."""
    ledger: str
    made_at: datetime
    log: str
    witnesses: tuple[str, ...] = ()


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """An older checkpoint and the proof that the newest grew from it."""

    checkpoint: str
    proof: tuple[bytes, ...]


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """The root over the entries that a figure was made from, and the proof that the checkpoint's tree grew from it."""

    position: int
    root: bytes
    proof: tuple[bytes, ...]


class EntryLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An entry."""

    position: int
    commitment: bytes
    proof: tuple[bytes, ...]
    salt: bytes | None = None
    canonical: str | None = None
    withheld: Withheld | None = None


class End(msgspec.Struct, frozen=True, kw_only=True):
    """That the file is whole."""

    entries: int


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line: exactly one of these is set."""

    bundle: Header | None = None
    checkpoint: str | None = None
    earlier: Earlier | None = None
    cut: Cut | None = None
    figure: msgspec.Raw = _NOTHING
    entry: EntryLine | None = None
    end: End | None = None

    def encode(self) -> bytes:
        """The line with its end."""
        return _encode(self) + b"\n"


class _Content(msgspec.Struct):
    """What is read of an opened entry."""

    position: int
    stream: str
    version: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle that holds proves."""

    kind: Kind
    of: str
    ledger: str
    origin: str
    size: int
    root: str
    """In hexadecimal."""
    own_key: bool
    """Whether the key of the log came from the bundle itself: then compare it with the one that the ledger publishes elsewhere."""
    log: str
    witnesses: Sequence[str]
    """Who cosigned, with the moment."""
    signed: Sequence[tuple[int, str]]
    """Every size and root that the log signed in it, the newest first."""
    cut: Cut | None
    figure: msgspec.Raw
    """``null`` when the bundle is of no figure."""
    entries: int
    opened: int
    """Entries whose content is there and is what was committed to."""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Line).decode


def check_bundle(lines: Iterable[bytes], *, log: VerifierKey | None = None, witnesses: Sequence[VerifierKey] = ()) -> Report:
    """Check everything in a bundle. ``log`` and ``witnesses`` are keys that the reader trusts; without them those in the bundle count.

    :raises BadInput: it is no bundle, of another version, or cut off; the message names the line.
    :raises ProofBroken: a signature, proof or commitment does not hold; the message names the line, and the entry if it is one.
    """
    reading = _Reading(log, witnesses)
    for number, raw in enumerate(lines, 1):
        try:
            reading.take(_decode(raw))
        except ProofBroken as error:
            raise ProofBroken(f"line {number}: {error}") from error
        except (msgspec.MsgspecError, BadInput) as error:
            raise BadInput(f"line {number} of the bundle: {error}") from error
    return reading.report()


def check_one_log(reports: Sequence[Report]) -> None:
    """That bundles in different hands are of one and the same log, as far as they can tell.

    :raises ProofBroken: the log signed two different roots for one size: it was forked, and the bundles prove it.
    """
    known: dict[tuple[str, int], str] = {}
    for report in reports:
        for size, root in report.signed:
            held = known.setdefault((report.log, size), root)
            if held != root:
                raise ProofBroken(
                    f"the log {report.origin} was forked: it signed {size} entries with root {held} for one reader and {root} for another"
                )


class _Reading:
    """A bundle, as far as it was read."""

    def __init__(self, log: VerifierKey | None, witnesses: Sequence[VerifierKey]) -> None:
        self._given, self._witnesses = log, list(witnesses)
        self._header: Header | None = None
        self._head: Checkpoint | None = None
        self._cosigned: tuple[Cosigned, ...] = ()
        self._signed: list[tuple[int, str]] = []
        self._cut: Cut | None = None
        self._figure = _NOTHING
        self._entries = self._opened = self._withheld = 0
        self._versions: dict[str, int] = {}
        self._ended = False

    def take(self, line: Line) -> None:
        """One line."""
        if self._ended:
            raise BadInput("something comes after the line that says end")
        if line.bundle is not None:
            self._begin(line.bundle)
        elif self._header is None:
            raise BadInput(f"the first line does not say {FORMAT!r}")
        elif line.checkpoint is not None:
            self._head, note = open_checkpoint(line.checkpoint.encode(), self._log)
            self._signed.append((self._head.size, self._head.root.hex()))
            self._cosigned = check_cosignatures(note, self._witnesses)
        elif bytes(line.figure) != b"null":
            self._figure = line.figure.copy()
        elif line.end is not None:
            if line.end.entries != self._entries:
                raise ProofBroken(f"the bundle says that it holds {line.end.entries} entries, and {self._entries} are there")
            self._ended = True
        elif self._head is None:
            raise BadInput("a proof stands before the checkpoint")
        elif line.earlier is not None:
            older, _ = open_checkpoint(line.earlier.checkpoint.encode(), self._log)
            check_consistency(older.size, self._head.size, line.earlier.proof, older.root, self._head.root)
            self._signed.append((older.size, older.root.hex()))
        elif line.cut is not None:
            check_consistency(line.cut.position, self._head.size, line.cut.proof, line.cut.root, self._head.root)
            self._cut = line.cut
        elif line.entry is not None:
            self._entry(line.entry, self._head)
        else:
            raise BadInput("it says nothing that this version knows")

    def _begin(self, header: Header) -> None:
        if self._header is not None:
            raise BadInput("a second bundle begins in the same file")
        if header.format != FORMAT:
            raise BadInput(f"it is of the format {header.format!r}, this version reads {FORMAT!r}")
        self._header = header
        self._log = self._given or read_verifier_key(header.log)
        self._witnesses = self._witnesses or [read_verifier_key(text) for text in header.witnesses]

    def _entry(self, entry: EntryLine, head: Checkpoint) -> None:
        try:
            check_inclusion(leaf_hash(entry.commitment), entry.position - 1, head.size, entry.proof, head.root)
        except ProofBroken as error:
            raise ProofBroken(f"entry {entry.position} is not the one that the log holds: {error}") from error
        self._entries += 1
        if entry.canonical is None or entry.salt is None:
            if entry.withheld is None:
                raise BadInput(f"entry {entry.position} has no content, and nothing says why")
            self._withheld += 1
            return
        if commitment(entry.salt, entry.canonical.encode()) != entry.commitment:
            raise ProofBroken(f"entry {entry.position}: its content is not what the log committed to")
        content = msgspec.json.decode(entry.canonical, type=_Content)
        if content.position != entry.position:
            raise ProofBroken(f"entry {entry.position}: its content is that of entry {content.position}")
        if self._header is not None and self._header.kind is Kind.PERSON:
            self._follow(entry.position, content)
        self._opened += 1

    def _follow(self, position: int, content: _Content) -> None:
        """No version of a person's stream is left out, but for those whose content is withheld."""
        expected = self._versions.get(content.stream, 0) + 1
        missing = content.version - expected
        if not 0 <= missing <= self._withheld:
            raise ProofBroken(f"entry {position} is version {content.version} of {content.stream}: version {expected} was left out")
        self._withheld -= missing
        self._versions[content.stream] = content.version

    def report(self) -> Report:
        """What it proves, at the end."""
        if self._header is None or self._head is None or not self._ended:
            raise BadInput("the bundle is not whole: it does not end as a bundle ends; ask for it again")
        if self._header.kind is Kind.FIGURE and (self._cut is None or self._figure is _NOTHING):
            raise BadInput("the bundle is of a figure and does not hold it")
        return Report(
            kind=self._header.kind,
            of=self._header.of,
            ledger=self._header.ledger,
            origin=self._head.origin,
            size=self._head.size,
            root=self._head.root.hex(),
            own_key=self._given is None,
            log=self._log.text,
            witnesses=[f"{one.witness.name} at {one.at.isoformat()}" for one in self._cosigned],
            signed=self._signed,
            cut=self._cut,
            figure=self._figure,
            entries=self._entries,
            opened=self._opened,
        )
