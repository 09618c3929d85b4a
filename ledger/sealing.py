"""Sealing: one AES-256-GCM key per person stream, wrapped by the ledger's master key (design.md decision 8).

Destroying a stream's key makes its data unreadable in every copy. The nonce and new keys come from the caller:
this module draws nothing. What a sealed entry is about (stream, type, id) is bound to it as associated data, so
that sealed bytes moved to another entry do not open.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ledger.catalogue import StreamKind
from ledger.errors import SealBroken

KEY_BYTES = 32
NONCE_BYTES = 12

SEALED_KINDS = frozenset({StreamKind.PERSON, StreamKind.SIGNAL})
"""The kinds of stream whose data is sealed: persons, and the restricted signals."""


def is_sealed(stream: str) -> bool:
    """Whether data of this stream is sealed."""
    return stream.partition("/")[0] in SEALED_KINDS


def associated_data(stream: str, full_type: str, source: str, event_id: str) -> bytes:
    """What sealed data is bound to."""
    return f"{stream}\n{full_type}\n{source}\n{event_id}".encode()


class StreamCipher:
    """Seals and opens the data of one stream with its key."""

    __slots__ = ("_aead",)

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, nonce: bytes, data: bytes, bound_to: bytes) -> bytes:
        """Nonce, ciphertext and tag in one. ``nonce`` is 12 bytes and is never used twice with one key."""
        return nonce + self._aead.encrypt(nonce, data, bound_to)

    def open(self, sealed: bytes, bound_to: bytes) -> bytes:
        """The data, or :class:`SealBroken` when the bytes, the key or what they are bound to do not match."""
        try:
            return self._aead.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
        except (InvalidTag, ValueError) as error:
            raise SealBroken("sealed data does not open: it was changed, moved, or sealed with another key; run ledger verify") from error


def wrap(master: StreamCipher, nonce: bytes, stream: str, key: bytes) -> bytes:
    """A stream's key sealed with the master key, bound to the stream's name."""
    return master.seal(nonce, key, b"key " + stream.encode())


def unwrap(master: StreamCipher, stream: str, wrapped: bytes) -> bytes:
    """The stream's key again."""
    return master.open(wrapped, b"key " + stream.encode())
