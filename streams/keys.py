"""The secrets of one ledger, and what is derived from them."""

from __future__ import annotations

import hashlib
import hmac

from ledger.sealing import StreamCipher


class Keys:
    """The master key (it wraps the key of every stream), the pseudonym key and the log's key. None is stored beside what it protects."""

    __slots__ = ("check", "commitments", "digest", "log", "master", "pseudonym", "refusals")

    def __init__(self, master: bytes, pseudonym: bytes, log: bytes | None = None, lasting: bytes | None = None) -> None:
        """``lasting``: what the first master key gave to entries that never change, once the master key was rotated."""
        self.master = StreamCipher(_derived(master, b"wrap stream keys"))
        self.refusals = StreamCipher(_derived(master, b"seal refused submissions"))
        """Seals refused submissions."""
        self.digest = _derived(master, b"digest of content") if lasting is None else lasting[:32]
        """Keys the content hash that tells a redelivery from another event (at most 64 bytes)."""
        self.check = _derived(master, b"check")
        """May be stored: it tells whether this is the master key of a ledger and nothing else."""
        self.commitments = _derived(master, b"commitments of unsealed entries") if lasting is None else lasting[32:]
        """The salts of entries that no stream key seals hang from it (ledger.transparency.commitment)."""
        self.pseudonym = pseudonym
        self.log = log
        """The 32 secret bytes with which the log signs its checkpoints; None where nothing is signed."""

    @property
    def lasting(self) -> bytes:
        """What must outlive the master key, because entries that never change were made with it. It opens nothing that is sealed."""
        return self.digest + self.commitments

    def __repr__(self) -> str:
        return "Keys(…)"


def _derived(master: bytes, purpose: bytes) -> bytes:
    return hmac.digest(master, b"trajectory ledger: " + purpose, hashlib.sha256)


def seal_identity(key: bytes, nonce: bytes, stream: str, insz: str) -> bytes:
    """The number behind a person's stream, sealed with the key of that stream: it goes when the key goes."""
    return StreamCipher(key).seal(nonce, insz.encode(), b"insz " + stream.encode())


def unseal_identity(key: bytes, stream: str, sealed: bytes) -> str:
    """The number again, or :class:`~ledger.errors.SealBroken`."""
    return StreamCipher(key).open(sealed, b"insz " + stream.encode()).decode()
