"""Refused submissions are what was submitted, and those that were mended stand where they say."""

from __future__ import annotations

import hashlib

from ledger.errors import SealBroken
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.refusal_row import bound_to
from streams.verifying import Check, Fault, check

PAGE = 1_000


@check("refusals", order=80, nl="Weigeringen zijn wat werd ingestuurd", en="Refusals are what was submitted")
class Refusals(Check):
    """Opens every original and computes its hash anew."""

    async def end(self) -> Fault | None:
        """Page through the shelf."""
        store = self.audit.store
        after = 0
        while True:
            with plainly():
                rows = await store.pool.fetch(sql("verify_refusals"), after, PAGE)
            if not rows:
                return None
            for number, content, credential, raw, resubmitted_as, found in rows:
                after = number
                if resubmitted_as is not None and found is None:
                    return _wrong(number, f"says that it was mended and stands at {resubmitted_as}, where its source has no entry")
                if raw is None:
                    continue
                try:
                    opened = store.keys.refusals.open(raw, bound_to(content))
                except SealBroken:
                    return _wrong(number, "does not open: its original or its hash was changed")
                if hashlib.blake2b(credential.encode() + b"\0" + opened, key=store.keys.digest, digest_size=32).digest() != content:
                    return _wrong(number, "was not submitted by the credential that it names")


def _wrong(number: int, what: str) -> Fault:
    return Fault(where="ledger.refusals", what=f"refusal {number} {what}")
