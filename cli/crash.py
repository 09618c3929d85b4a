"""What is kept of a fault that nobody foresaw."""

from __future__ import annotations

import os
import tempfile
import traceback
from pathlib import Path


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
