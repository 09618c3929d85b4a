"""What is kept of a fault that nobody foresaw."""

from __future__ import annotations

import errno
import os
import tempfile
import traceback
from pathlib import Path

_SURROUNDINGS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO})
"""What is wrong with the machine and not with the ledger: a full disk, missing rights."""


def unforeseen(error: BaseException) -> str:
    """One sentence for what no command foresaw."""
    if isinstance(error, OSError) and error.errno in _SURROUNDINGS:
        where = error.filename or "the output"
        return f"{where} cannot be read or written: {error.strerror}; mend that and run the same command again"
    return f"something went wrong that the ledger did not foresee ({type(error).__name__}); {keep_trace(error)}"


def keep_trace(error: BaseException) -> str:
    """Write the traceback where the user can find it, and say where. Local values are left out: they may name people."""
    file = Path(tempfile.gettempdir()) / f"ledger-fault-{os.getpid()}.log"
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.writelines(traceback.format_exception(error))
    except OSError:
        return "run it again with PYTHONFAULTHANDLER=1 and report what it prints"
    return f"the details are in {file}: please report them"
