"""A hundred thousand bad inputs: none raises, none is silently accepted, each is refused with a code and a place.

The seed is printed; give another with ``LEDGER_TEST_SEED``. Mutations that make an event wrong by construction must be
refused; random damage to bytes may by chance leave a valid event, which then must read back as the very same content.
"""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Callable
from typing import Any

import pytest

from ledger.admission import Examined
from ledger.catalogue import catalogue
from ledger.verdict import first
from tests.unit.wire import INSZ, event, examine

SEED = int(os.environ.get("LEDGER_TEST_SEED", "20261124"))
BY_CONSTRUCTION = 60_000
RANDOM_DAMAGE = 40_000
EVENTS = [event(name, subject=f"insz/{INSZ}") if name == "contract.signed" else event(name) for name in sorted(catalogue().newest)]
REQUIRED = ("specversion", "id", "source", "type", "subject", "time", "recordedat", "publisherrole", "sequence", "data")
WRONG: tuple[Any, ...] = (1.5, "", "vrije tekst", [], {}, None, True, -1, 10**30, "\u0000", "a" * 300, [[]], {"x": 1})


def _drop_attribute(made: dict[str, Any], rng: random.Random) -> None:
    del made[rng.choice(REQUIRED)]


def _unknown_attribute(made: dict[str, Any], rng: random.Random) -> None:
    made[f"x{rng.randrange(10**6)}"] = rng.choice(WRONG)


def _unknown_property(made: dict[str, Any], rng: random.Random) -> None:
    made["data"][f"x_{rng.randrange(10**6)}"] = rng.choice(WRONG)


def _wrong_attribute(made: dict[str, Any], rng: random.Random) -> None:
    made[rng.choice(REQUIRED)] = rng.choice([1.5, [], {"x": 1}, None, True, -1, "\u0000"])


def _number_for_data(made: dict[str, Any], rng: random.Random) -> None:
    made["data"] = rng.choice([0, "x", [], None, 1e400, "{}"])


def _float_for_int(made: dict[str, Any], rng: random.Random) -> None:
    whole = [key for key, value in made["data"].items() if isinstance(value, int) and not isinstance(value, bool)]
    if whole:
        key = rng.choice(whole)
        made["data"][key] = made["data"][key] + 0.5
    else:
        made["sequence"] = 1.0


def _text_for_property(made: dict[str, Any], rng: random.Random) -> None:
    key = rng.choice(sorted(made["data"]))
    made["data"][key] = rng.choice(["vrije tekst over een persoon", 'x"y', "1;DROP TABLE", "é" * 20, "\ud83d\ude00"])


def _wrong_insz(made: dict[str, Any], rng: random.Random) -> None:
    digits = list(INSZ)
    at = rng.randrange(11)
    digits[at] = str((int(digits[at]) + rng.randrange(1, 10)) % 10)
    made["subject"] = "insz/" + "".join(digits)


def _unknown_type(made: dict[str, Any], rng: random.Random) -> None:
    made["type"] = rng.choice(["", "x", "be.inburgering.x.y.v1", made["type"] + "0", made["type"].upper(), "be.inburgering"])


def _wrong_source(made: dict[str, Any], rng: random.Random) -> None:
    made["source"] = rng.choice(["", "x", "urn:kbo:1:x", "urn:kbo:1999010049:kbi", "urn:kbo:1999010048:K", "urn:kbo:9999010048:kbi"])


BENDERS: tuple[Callable[[dict[str, Any], random.Random], None], ...] = (
    _drop_attribute,
    _unknown_attribute,
    _unknown_property,
    _wrong_attribute,
    _number_for_data,
    _float_for_int,
    _text_for_property,
    _wrong_insz,
    _unknown_type,
    _wrong_source,
)


def _assert_refused(examined: Examined, raw: bytes) -> None:
    assert examined.violations, f"silently accepted: {raw[:400]!r}"
    reported = first(list(examined.violations))
    assert reported.pointer == "" or reported.pointer.startswith("/")
    assert reported.message.nl
    assert reported.message.en


def test_what_is_wrong_by_construction_is_refused() -> None:
    print(f"seed {SEED}")
    rng = random.Random(SEED)
    for _ in range(BY_CONSTRUCTION):
        made = copy.deepcopy(rng.choice(EVENTS))
        bend = rng.choice(BENDERS)
        bend(made, rng)
        raw = json.dumps(made).encode()
        _assert_refused(examine(raw), raw)


def _damaged(raw: bytes, rng: random.Random) -> bytes:
    kind = rng.randrange(5)
    at = rng.randrange(len(raw))
    if kind == 0:
        return raw[:at]
    if kind == 1:
        return raw[:at] + bytes([rng.randrange(256)]) + raw[at + 1 :]
    if kind == 2:
        return raw[:at] + raw[at + rng.randrange(1, 6) :]
    if kind == 3:
        return raw[:at] + bytes(rng.randrange(256) for _ in range(rng.randrange(1, 6))) + raw[at:]
    other = rng.randrange(len(raw))
    low, high = min(at, other), max(at, other)
    return raw[:low] + raw[high:] + raw[low:high]


def test_random_damage_never_raises_and_is_refused_or_harmless() -> None:
    print(f"seed {SEED}")
    rng = random.Random(SEED + 1)
    accepted = 0
    for _ in range(RANDOM_DAMAGE):
        raw = json.dumps(rng.choice(EVENTS)).encode()
        for _ in range(rng.randrange(1, 4)):
            raw = _damaged(raw, rng) or b" "
        examined = examine(raw)
        if examined.violations:
            _assert_refused(examined, raw)
            continue
        accepted += 1
        assert examined.candidate is not None
        rewritten = json.loads(raw) | {"data": json.loads(examined.candidate.data)}
        assert examine(rewritten).digest == examined.digest
    print(f"{accepted} of {RANDOM_DAMAGE} damaged inputs were still valid events")
    assert accepted < RANDOM_DAMAGE / 10


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0000-01-01T00:00:00Z", "2025-02-30T00:00:00Z"]
)
def test_extreme_moments_do_not_overflow(moment: str) -> None:
    for attribute in ("time", "recordedat"):
        examined = examine(event("contract.signed", **{attribute: moment}))
        assert examined.candidate is not None or first(list(examined.violations)).reason == "R01"
