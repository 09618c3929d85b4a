"""Signed notes (C2SP signed-note): text, and lines that say who signed it, with Ed25519.

A key is known by its name and a number of four bytes; a signature line of another key is passed over. The algorithm is a byte:
1 signs the text itself, 4 is a witness's cosignature (:mod:`ledger.transparency.cosignature`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.errors import BadInput, ProofBroken

ED25519 = 1
COSIGNATURE = 4
SEED_BYTES = 32
MOST_BYTES = 1_000_000
MOST_SIGNATURES = 100
_DASH = "\u2014 "


class Signature(msgspec.Struct, frozen=True):
    """One line under a note."""

    name: str
    key_id: int
    content: bytes
    """What follows the key's number: for an algorithm to read."""

    @property
    def line(self) -> str:
        """As it stands under the note, without the end of line."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id.to_bytes(4, 'big') + self.content).decode()}"


class Note(msgspec.Struct, frozen=True):
    """Text that was signed. ``text`` ends with a newline."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """The note as it is sent and kept."""
        return (self.text + "\n" + "".join(f"{one.line}\n" for one in self.signatures)).encode()

    def with_signatures(self, more: Iterable[Signature]) -> Note:
        """The note with further lines; a line that is there already is not put twice."""
        return Note(self.text, tuple(dict.fromkeys((*self.signatures, *more))))


class VerifierKey(msgspec.Struct, frozen=True):
    """The public key of a log or a witness. Its text (``name+number+key``) is what people hand to each other."""

    name: str
    algorithm: int
    public: bytes
    """32 bytes of Ed25519."""

    @property
    def key_id(self) -> int:
        """The number beside the name in a signature."""
        return int.from_bytes(hashlib.sha256(self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public).digest()[:4], "big")

    @property
    def text(self) -> str:
        """The key as text."""
        return f"{self.name}+{self.key_id:08x}+{base64.b64encode(bytes([self.algorithm]) + self.public).decode()}"

    def made(self, signature: Signature) -> bool:
        """Whether a line says that it is by this key."""
        return (signature.name, signature.key_id) == (self.name, self.key_id)

    def check(self, message: bytes, signature: bytes) -> None:
        """``ProofBroken`` when the 64 bytes are not this key's signature of the message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise ProofBroken(f"the signature of {self.name} does not fit: the note was changed, or signed with another key") from error


class SigningKey:
    """The secret key of a log or a witness, with its name. Its 32 bytes never leave it."""

    __slots__ = ("_secret", "verifier")

    def __init__(self, name: str, seed: bytes, algorithm: int = ED25519) -> None:
        """``UsageError`` when the name cannot be one."""
        check_name(name)
        self._secret = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = VerifierKey(name, algorithm, self._secret.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        return f"SigningKey({self.verifier.name!r})"

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature."""
        return self._secret.sign(message)

    def line(self, content: bytes) -> Signature:
        """A signature line of this key with this content."""
        return Signature(self.verifier.name, self.verifier.key_id, content)


def check_name(name: str) -> None:
    """``BadInput`` when it cannot be the name of a key: empty, or with a blank, a plus or a control character in it."""
    if not name or "+" in name or any(one.isspace() or ord(one) < 32 for one in name):
        raise BadInput(f"{name!r} cannot be the name of a key: it is not empty and has no blanks and no plus, for example example.org/log")


def read_verifier_key(text: str) -> VerifierKey:
    """A public key from its text. ``BadInput`` when it is none, or of an algorithm that is not Ed25519."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise BadInput(f"{text!r} is no public key of a log or a witness: it has three parts with a plus between, name+number+key")
    name, number, rest = parts
    check_name(name)
    content = _base64(rest, "a public key")
    if len(content) != 33 or content[0] not in {ED25519, COSIGNATURE}:
        raise BadInput(f"the public key of {name} is not one of Ed25519 (algorithm 1 or 4 and 32 bytes)")
    key = VerifierKey(name, content[0], content[1:])
    if number != f"{key.key_id:08x}":
        raise BadInput(
            f"the public key of {name} has the number {number}, which does not belong to it: a character of it was lost or changed"
        )
    return key


def read_note(content: bytes) -> Note:
    """A note from its bytes; nothing is checked yet. ``BadInput`` when it is none."""
    if len(content) > MOST_BYTES:
        raise BadInput(f"a note has at most {MOST_BYTES} bytes, this has {len(content)}")
    try:
        whole = content.decode()
    except UnicodeDecodeError as error:
        raise BadInput("a note is UTF-8, this is not") from error
    if any(ord(one) < 32 and one != "\n" for one in whole):
        raise BadInput("a note has no control characters, this has")
    text, blank, lines = whole.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise BadInput("a note ends with an empty line and lines that begin with a dash; this does not")
    signatures = read_signatures(lines)
    if not signatures:
        raise BadInput("a note is signed, this is not")
    return Note(text + "\n", signatures)


def read_signatures(lines: str) -> tuple[Signature, ...]:
    """Signature lines, each with its end of line. ``BadInput`` when one of them is none, or there are too many."""
    found = []
    for number, line in enumerate(lines.split("\n")[:-1], 1):
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or number > MOST_SIGNATURES:
            raise BadInput(f"line {number} under the note is no signature, or there are more than {MOST_SIGNATURES}")
        check_name(name)
        content = _base64(encoded, f"the signature of {name}")
        if len(content) < 5:
            raise BadInput(f"the signature of {name} is too short")
        found.append(Signature(name, int.from_bytes(content[:4], "big"), content[4:]))
    return tuple(found)


def signed(text: str, *keys: SigningKey) -> Note:
    """Text signed by these keys. The text ends with a newline."""
    if not text.endswith("\n"):
        raise ValueError("the text of a note ends with a newline")
    return Note(text, tuple(key.line(key.sign(text.encode())) for key in keys))


def check_signed(note: Note, keys: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
    """Those of the keys that signed the note.

    :raises ProofBroken: a line of one of the keys does not fit the text, or none of them signed it.
    """
    known = tuple(keys)
    found = []
    for key in known:
        lines = [one for one in note.signatures if key.made(one)]
        for one in lines:
            key.check(note.text.encode(), one.content)
        if lines:
            found.append(key)
    if not found:
        wanted, there = ", ".join(f"{key.name}+{key.key_id:08x}" for key in known), ", ".join(one.name for one in note.signatures)
        raise ProofBroken(f"the note is not signed by {wanted or 'any known key'}; it bears {there}")
    return tuple(found)


def _base64(text: str, what: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadInput(f"{what} is no base64") from error
    if base64.b64encode(content).decode() != text:
        raise BadInput(f"{what} is no base64 as it must be written")
    return content
