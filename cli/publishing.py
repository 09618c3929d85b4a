"""``ledger publish``: files in, totals and refusals out."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cli.client import Place
from cli.output import Meter, answer, progress, say, sentence, table, write_bytes
from cli.sending import Sender, Sent
from cli.submissions import SubmissionFile
from cli.tally import Tally, named
from ledger.errors import BadInput, LedgerError, Unauthorised
from ledger.verdict import Message

_SHOWN = 20
"""Refusals that are listed on the terminal; ``--json`` lists all."""
_INTERRUPTED = 130


def publish(files: Sequence[Path], where: Callable[[], Place], *, dry_run: bool, as_json: bool) -> int:
    """Publish files and print what became of them. The exit code: 0, or 2 when something was refused or unreadable.

    :raises BadInput: a file is unusable; nothing was sent.
    :raises LedgerError: the ledger is away or says no; what was acknowledged is printed first.
    """
    where()
    files = [Path("/dev/stdin") if str(path) == "-" else path for path in files]
    for path in files:
        if not path.is_fifo():  # a pipe can be opened once only
            with SubmissionFile(path):
                pass
    with Tally() as tally:
        run = _Run(files, where, tally, dry_run=dry_run)
        try:
            asyncio.run(run.run())
        except Unauthorised as error:
            raise Unauthorised(
                f"{error}. Name the publisher's token with --as; 'ledger publishers create' makes one. Acknowledged until then: {tally}"
            ) from error
        except LedgerError as error:
            raise type(error)(f"{error}. {run.so_far()}") from error
        finally:
            _print(tally, dry_run=dry_run, as_json=as_json)
        for fault in run.faults:
            say(f"ledger: {fault}")
        if run.stopped:
            say(f"ledger: stopped by Ctrl-C. {run.so_far()}")
            return _INTERRUPTED
        return 2 if run.faults or tally.refused else 0


class _Run:
    """One run over all files."""

    def __init__(self, files: Sequence[Path], where: Callable[[], Place], tally: Tally, *, dry_run: bool) -> None:
        self.tally = tally
        self.faults: list[BadInput] = []
        self.stopped = False
        self._files = files
        self._where = where
        self._dry_run = dry_run
        self._reading: Path = files[0]

    def so_far(self) -> str:
        """What was acknowledged, and how to go on."""
        return (
            f"Acknowledged until then: {self.tally}; the last file was {self._reading}. "
            f"Run the same command again: what is in the ledger is recognised, the rest follows"
        )

    async def run(self) -> None:
        """Send everything, or until a signal."""
        stop = asyncio.Event()
        with _signals(stop), progress("Publishing", sum(_size(path) for path in self._files) or None, unit="bytes") as meter:
            async with Sender(self._where, self.tally, dry_run=self._dry_run, stop=stop) as sender:
                before = 0
                for path in self._files:
                    self._reading = path
                    if not await self._file(path, sender, meter, before):
                        break
                    before += _size(path)
                await sender.finish()
        self.stopped = stop.is_set()

    async def _file(self, path: Path, sender: Sender, meter: Meter, before: int) -> bool:
        try:
            with SubmissionFile(path) as file:
                for number, line in enumerate(file.lines()):
                    if not await sender.put(Sent(path, line)):
                        return False
                    if number % 500 == 0:
                        meter.at(before + file.progress(), note=str(self.tally))
                        await asyncio.sleep(0)
        except BadInput as error:
            self.faults.append(error)
        return True


@contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """The first Ctrl-C stops after what is under way, the second at once."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def signalled() -> None:
        if stop.is_set() and task is not None:
            task.cancel()
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, signalled)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _print(tally: Tally, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        write_bytes(tally.document())
        return
    would = "would be " if dry_run else ""
    table(
        ["", "events"],
        [(f"{would}admitted", _n(tally.admitted)), ("duplicate", _n(tally.duplicate)), (f"{would}refused", _n(tally.refused))],
        right=["events"],
    )
    if not tally.refused:
        return
    examples: dict[str, Message | None] = {}
    for refused in tally.refusals():
        examples.setdefault(named(refused), refused.message)
        if len(examples) == len(tally.by_code):
            break
    codes = sorted(tally.by_code.items(), key=lambda item: (-item[1], item[0]))
    table(["code", "events", "for example"], [(code, _n(n), sentence(examples.get(code))) for code, n in codes], right=["events"])
    listed = list(tally.refusals(_SHOWN))
    rows = [
        (f"{r.file}:{r.line}", r.rule or r.code, r.pointer or "the whole event", r.id or "", "" if r.refusal is None else str(r.refusal))
        for r in listed
    ]
    table(["line", "code", "where", "event", "refusal"], rows, title=f"The first {_SHOWN} refusals" if tally.refused > _SHOWN else None)
    if not dry_run:
        answer("Each is kept: 'ledger refusals show N' shows it, 'ledger refusals resubmit N --event FILE' mends it.")


def _n(number: int) -> str:
    return f"{number:,}".replace(",", " ")
