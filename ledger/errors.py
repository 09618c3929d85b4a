"""One tree of errors. A message names the thing, the place and how to mend it; it never holds personal data."""

from __future__ import annotations


class LedgerError(Exception):
    """Anything the ledger says no to. ``exit_code`` is what the command line ends with (design.md section 4)."""

    exit_code = 1


class UsageError(LedgerError):
    """What was asked cannot be done as asked: a bad argument, file or input."""

    exit_code = 2


class BadInput(UsageError):
    """A file or request that cannot be read as what it should be; names the place."""


class RefusedInput(UsageError):
    """Input that was read and refused."""


class NotFound(UsageError):
    """The thing that was asked for does not exist here."""


class AlreadyErased(UsageError):
    """The person is erased: there is nothing left to do it to."""


class DataFolderError(LedgerError):
    """The data folder is of another version, in use, or incomplete."""


class AlreadyRunning(DataFolderError):
    """Another ledger holds this data folder or this port."""


class StoreUnavailable(LedgerError):
    """The database is away. Nothing that was acknowledged is lost; try again when it is back."""


class StoreFull(StoreUnavailable):
    """The disk of the database is full."""


class BrokerUnavailable(LedgerError):
    """The Kafka cluster is away. It is tried again; nothing that was acknowledged is lost."""


class BrokerRefused(LedgerError):
    """The Kafka cluster does not let the ledger in, or not where it wants to: user, password, certificate, topic or right."""


class Fenced(LedgerError):
    """Another sequencer took over: this one may write nothing more."""


class WrittenElsewhere(LedgerError):
    """This process only shows the ledger; ``place`` is the address of the one that writes, if that is known."""

    def __init__(self, place: str | None) -> None:
        where = place or "the address of 'ledger up'"
        super().__init__(f"this process shows the ledger and takes nothing in: send the same to {where}")
        self.place = place


class Overloaded(LedgerError):
    """A bounded queue is full. Try again after ``retry_after`` seconds."""

    def __init__(self, message: str, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unauthorised(LedgerError):
    """No credential, or one that is unknown, revoked or not allowed to do this."""

    exit_code = 2


class SealBroken(LedgerError):
    """Sealed data cannot be opened: the key is destroyed, or the bytes are not what was sealed."""


class ProofBroken(LedgerError):
    """A signature, a proof or a checkpoint does not hold: something was changed, or it is about something else."""


class Undigestible(LedgerError):
    """A projection cannot digest a stream; that stream stalls and is retried, the others move on."""
