"""The tree, the tiles and the notes: against values that other programs made, and against plain definitions for any size.

The roots and proofs of "entry 0", "entry 1" … and the signed note were made with golang.org/x/mod/sumdb (v0.33.0); the small roots are
the well-known ones of Certificate Transparency; the note and the paths are the examples of the C2SP specifications.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import BadInput, ProofBroken
from ledger.transparency.checkpoint import Checkpoint, open_checkpoint, read_checkpoint, sign_checkpoint
from ledger.transparency.commitment import Committed, canonical_bytes, commitment, salt_key, salt_of
from ledger.transparency.cosignature import check_cosignatures, cosign
from ledger.transparency.note import COSIGNATURE, SigningKey, check_signed, read_note, read_verifier_key, signed
from ledger.transparency.proof import (
    check_consistency,
    check_inclusion,
    consistency_ranges,
    inclusion_ranges,
)
from ledger.transparency.proof_text import InclusionProof, read_proof
from ledger.transparency.tile import (
    Tile,
    decode_bundle,
    decode_tile,
    encode_bundle,
    encode_tile,
    hash_over,
    read_place,
    tile_of,
    tiles_for,
    tiles_of,
)
from ledger.transparency.tree import EMPTY_ROOT, Frontier, leaf_hash, node_hash, root_of
from ledger.transparency.witness import Refusal, Request, Seen, judge, origin_hash, read_request

LEAVES = [leaf_hash(b"entry %d" % n) for n in range(700)]
SIZES = st.integers(1, len(LEAVES))
AT = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


def plain(leaves: list[bytes]) -> bytes:
    """The root by the definition of RFC 9162, section 2.1.1."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while 2 * split < len(leaves):
        split *= 2
    return node_hash(plain(leaves[:split]), plain(leaves[split:]))


def tiles(size: int) -> dict[tuple[int, int], list[bytes]]:
    """Every tile of the tree of the first leaves, as a log would serve it."""
    found: dict[tuple[int, int], list[bytes]] = {}
    for tile in tiles_of(size):
        span = 256**tile.level
        first = tile.index * 256
        found[tile.level, tile.index] = [plain(LEAVES[n * span : (n + 1) * span]) for n in range(first, first + tile.width)]
    return found


# -- the tree ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "root"),
    [
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (1, "773885a613489e24ce2cf76199d6a423f042e4bbf12d7eecee912ef276c65701"),
        (2, "5a47662fd8a317d96049a3f9f47c55dc67ca66051baa3683dbb19b2fe09a07b0"),
        (3, "94fbd0dd836f50301692e6d0eade728ee19ec52bfff1606ed807c8575d5aaa19"),
        (7, "98c97f0ba3175cd08b031dd084b9dc4e649b64d1a28e6ea694646503173ab587"),
        (8, "b69732ce5c914162ca9accfaf4e95d3f9874d68805437088aaff184a4db96773"),
        (70, "e6e3e845c0aa23367d8fe1498ba9733b4dffa3df21362d42401dcbbfb3909c12"),
        (256, "da6596d95369f5fef322ab8e4e0da3b0b50236aa9c8a3b1d246f7411c9e2e32e"),
        (257, "5c1fdfe835358022f2392de478dbe053fc130cfe1d3a082879a90cf6bf14bf7e"),
        (300, "ca393d0296bec5e0b8dcab983bd1fb7d1461f512e7267cb89631ad26fd66d848"),
    ],
)
def test_the_roots_are_those_of_another_implementation(size: int, root: str) -> None:
    assert root_of(LEAVES[:size]).hex() == root


def test_the_roots_are_those_of_certificate_transparency() -> None:
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    roots = [root_of([leaf_hash(bytes.fromhex(one)) for one in inputs[:size]]).hex() for size in range(1, 9)]
    assert roots == [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]


@given(st.lists(st.integers(0, 300), max_size=6))
def test_a_frontier_grows_in_whatever_steps_to_the_same_root_and_the_same_nodes(steps: list[int]) -> None:
    frontier, nodes, at = Frontier(), [], 0
    for step in steps:
        leaves = LEAVES[at : at + step]
        frontier, fresh = frontier.extended(leaves)
        nodes += fresh
        at += len(leaves)
    assert frontier.root == plain(LEAVES[:at])
    assert [(n.level, n.index, n.hash) for n in nodes] == [
        (8, index, plain(LEAVES[index * 256 : (index + 1) * 256])) for index in range(at // 256)
    ]


def test_nodes_above_the_first_tiles_are_told_too() -> None:
    frontier, nodes = Frontier(size=65_535, hashes=tuple(LEAVES[:16])).extended(LEAVES[16:17])
    assert [(n.level, n.index) for n in nodes] == [(8, 255), (16, 0)]
    assert frontier == Frontier(65_536, (nodes[-1].hash,))


# -- proofs -----------------------------------------------------------------------------------------------------------


GO_INCLUSION = "a1c877a824d2533e db079e12fd5e3d93 ec0e9ba48d46991e 8f9b2408270f2f1e bf476292bb9c1b3e d8d4f600eecb2e85 da6596d95369f5fe"
GO_CONSISTENCY = (
    "90fb1ccfdc63e292 e8f4b9a9ef4492d7 c83fbb1a8124159e b58776b36991fcbb 594dbeada2d7b98d "
    "ac91ef9a480e9b7f 6a6f737090ff8c9b 5cbcc083e8000afd 0b0018a7956817bb aee96e10d366c7b5"
)


def test_proofs_are_those_of_another_implementation() -> None:
    made = [plain(LEAVES[start:end])[:8].hex() for start, end in inclusion_ranges(257, 300)]
    assert made == (
        [
            "a1c877a824d2533e",
            "db079e12fd5e3d93",
            "ec0e9ba48d46991e",
            "8f9b2408270f2f1e",
            "bf476292bb9c1b3e",
            "d8d4f600eecb2e85",
            "da6596d95369f5fe",
        ]
    )
    made = [plain(LEAVES[start:end])[:8].hex() for start, end in consistency_ranges(71, 300)]
    assert made == (
        [
            "90fb1ccfdc63e292",
            "e8f4b9a9ef4492d7",
            "c83fbb1a8124159e",
            "b58776b36991fcbb",
            "594dbeada2d7b98d",
            "ac91ef9a480e9b7f",
            "6a6f737090ff8c9b",
            "5cbcc083e8000afd",
            "0b0018a7956817bb",
            "aee96e10d366c7b5",
        ]
    )


@given(SIZES, st.data())
def test_any_leaf_is_proved_from_tiles_and_no_other_leaf_is(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1))
    ranges, held = inclusion_ranges(index, size), tiles(size)
    needed = {(tile.level, tile.index): held[tile.level, tile.index] for tile in tiles_for(ranges, size)}
    proof = [hash_over(span, needed) for span in ranges]
    check_inclusion(LEAVES[index], index, size, proof, plain(LEAVES[:size]))
    if other != index:
        with pytest.raises(ProofBroken):
            check_inclusion(LEAVES[other], index, size, proof, plain(LEAVES[:size]))
        with pytest.raises(ProofBroken):
            check_inclusion(LEAVES[index], other, size, proof, plain(LEAVES[:size]))
    with pytest.raises(ProofBroken):
        check_inclusion(LEAVES[index], index, size, [*proof, LEAVES[0]], plain(LEAVES[:size]))
    if proof:
        with pytest.raises(ProofBroken):
            check_inclusion(LEAVES[index], index, size, proof[:-1], plain(LEAVES[:size]))


@given(SIZES, st.data())
def test_any_growth_is_proved_from_tiles_and_a_change_before_is_not(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(0, size))
    ranges, held = consistency_ranges(old, size), tiles(size)
    needed = {(tile.level, tile.index): held[tile.level, tile.index] for tile in tiles_for(ranges, size)}
    proof = [hash_over(span, needed) for span in ranges]
    roots = plain(LEAVES[:old]), plain(LEAVES[:size])
    check_consistency(old, size, proof, *roots)
    if old:
        changed = LEAVES[: data.draw(st.integers(0, old - 1))]
        forged = plain([*changed, leaf_hash(b"changed"), *LEAVES[len(changed) + 1 : old]])
        with pytest.raises(ProofBroken):
            check_consistency(old, size, proof, forged, roots[1])
    with pytest.raises(ProofBroken):
        check_consistency(old, size, [*proof, LEAVES[0]], *roots)
    if proof:
        with pytest.raises(ProofBroken):
            check_consistency(old, size, proof[:-1], *roots)
        with pytest.raises(ProofBroken):
            check_consistency(old, size, proof, roots[0], LEAVES[0])


def test_what_cannot_be_proved_is_said() -> None:
    for ranges, first, second in ((inclusion_ranges, 3, 3), (inclusion_ranges, -1, 3), (consistency_ranges, 4, 3)):
        with pytest.raises(ValueError, match="not"):
            ranges(first, second)
    with pytest.raises(ProofBroken):
        check_inclusion(LEAVES[0], 3, 3, [], LEAVES[0])
    with pytest.raises(ProofBroken):
        check_consistency(4, 3, [], LEAVES[0], LEAVES[0])
    with pytest.raises(ProofBroken, match="lacks hashes"):
        hash_over((0, 2), {(0, 0): [LEAVES[0]]})


# -- tiles ------------------------------------------------------------------------------------------------------------


def test_tiles_of_a_tree_are_those_of_the_specification() -> None:
    wide = [(tile.level, tile.width) for tile in tiles_of(70_000)]
    assert wide == [(0, 256)] * 273 + [(0, 112), (1, 256), (1, 17), (2, 1)]
    assert [(tile.level, tile.index, tile.width) for tile in tiles_of(256)] == [(0, 0, 256), (1, 0, 1)]
    assert tiles_of(0) == []
    assert Tile(0, 1_234_067).path == "tile/0/x001/x234/067"
    assert Tile(2, 5, 17).path == "tile/2/005.p/17"
    assert Tile(0, 1000).entries_path == "tile/entries/x001/000"


@given(st.integers(0, 63), st.integers(0, 10**12), st.integers(1, 256))
def test_a_path_is_read_as_it_was_written(level: int, index: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert read_place(level, tile.place) == tile


@pytest.mark.parametrize(
    "place", ["", "1", "01", "0001", "x001", "001/002", "x1/002", "000.p/0", "000.p/256", "000.p/01", "000.p/", "x000/001", "-01", "000/"]
)
def test_what_is_no_path_of_a_tile_is_not_read_as_one(place: str) -> None:
    with pytest.raises(BadInput):
        read_place(0, place)
    with pytest.raises(BadInput):
        read_place(64, "000")


@given(st.integers(0, 2**40), st.integers(0, 4), st.integers(0, 2**33))
def test_a_tile_is_in_the_tree_it_was_cut_from_and_in_no_smaller_one(size: int, level: int, index: int) -> None:
    tile = tile_of(level, index, size)
    if tile.width:
        assert tile.in_tree(size)
        assert not tile.in_tree((index * 256 + tile.width) * 256**level - 1)
    else:
        assert size < (index * 256 + 1) * 256**level


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_a_bundle_is_read_as_it_was_written(entries: list[bytes]) -> None:
    encoded = encode_bundle(entries)
    assert decode_bundle(encoded) == entries
    assert len(encoded) == sum(2 + len(one) for one in entries)
    if encoded:
        with pytest.raises(BadInput):
            decode_bundle(encoded + b"\0")


def test_a_tile_is_read_as_it_was_written() -> None:
    assert decode_tile(encode_tile(LEAVES[:256])) == LEAVES[:256]
    for wrong in (b"", b"x" * 31, b"x" * 33, b"x" * 32 * 257):
        with pytest.raises(BadInput):
            decode_tile(wrong)
    with pytest.raises(ValueError, match="65535"):
        encode_bundle([b"x" * 65_536])


# -- notes ------------------------------------------------------------------------------------------------------------

GO_KEY = "example.org/log+b7b2ba36+ASO8VJEsHm6SxKhoJchn4n/9xVW/+9QkTxeiar//7pZd"
GO_NOTE = (
    "een regel\n\nen nog een, é\n\n"
    "— example.org/log t7K6NvLFhzLmeRy+tOWEFziakJLMgYEw9u/nnO0gUaHE9TB7YE8bkDyeVPeYixTb6R6zJS8tkgD1X1hWveKPWAtEfAQ=\n"
)


def test_a_note_is_signed_as_another_implementation_signs_it() -> None:
    key = SigningKey("example.org/log", b"0123456789abcdef" * 2)
    assert key.verifier.text == GO_KEY
    assert signed("een regel\n\nen nog een, é\n", key).encode().decode() == GO_NOTE
    assert "0123" not in repr(key)


def test_the_example_of_the_specification_is_checked() -> None:
    key = read_verifier_key("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    note = read_note(
        b"This is an example message.\n\n\xe2\x80\x94 example.com/foo "
        b"Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
    )
    assert check_signed(note, [key]) == (key,)


def test_a_changed_note_is_refused_and_unknown_signatures_are_passed_over() -> None:
    key, other = read_verifier_key(GO_KEY), SigningKey("example.org/other", bytes(32))
    note = read_note(GO_NOTE.encode())
    both = note.with_signatures(signed(note.text, other).signatures)
    assert check_signed(both, [key]) == (key,)
    assert check_signed(both, [key, other.verifier]) == (key, other.verifier)
    with pytest.raises(ProofBroken, match="does not fit"):
        check_signed(read_note(GO_NOTE.replace("regel", "regen").encode()), [key])
    with pytest.raises(ProofBroken, match="not signed by"):
        check_signed(note, [other.verifier])
    # A bad line of one known key spoils the note, whoever else signed it.
    with pytest.raises(ProofBroken):
        check_signed(note.with_signatures([other.line(bytes(64))]), [key, other.verifier])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\n- name AAAAAAAA\n",
        GO_NOTE.encode()[:-1],
        GO_NOTE.encode() + b"x\n",
        GO_NOTE.replace("een", "een\t").encode(),
        GO_NOTE.encode("latin-1", errors="replace") + b"\xe9",
        GO_NOTE.replace("example.org/log ", "example.org/l+g ").encode(),
        GO_NOTE.replace("AQ=", "AQ").encode(),
        "text\n\n— name AAAA\n".encode(),
        b"x" * 1_000_001,
        ("text\n\n" + "— name AAAAAAAA\n" * 101).encode(),
    ],
)
def test_what_is_no_note_is_not_read_as_one(content: bytes) -> None:
    with pytest.raises(BadInput):
        read_note(content)


@pytest.mark.parametrize(
    "text", ["", "name", "a+b+c", GO_KEY.replace("b7b2ba36", "b7b2ba37"), GO_KEY.replace("+AS", "+CS"), GO_KEY[:-4], " +00000000+AAAA"]
)
def test_what_is_no_public_key_is_not_read_as_one(text: str) -> None:
    with pytest.raises(BadInput):
        read_verifier_key(text)


# -- checkpoints, cosignatures, witnesses -----------------------------------------------------------------------------

LOG = SigningKey("ledger.example/log", b"l" * 32)
WITNESS = SigningKey("witness.example/w1", b"w" * 32, COSIGNATURE)


def head(size: int, key: SigningKey = LOG, leaves: list[bytes] = LEAVES) -> Checkpoint:
    return Checkpoint(key.verifier.name, size, plain(leaves[:size]))


def test_a_checkpoint_is_signed_and_opened() -> None:
    note = sign_checkpoint(head(300), LOG)
    assert note.text == "ledger.example/log\n300\nyjk9Apa+xeC43KuYO9H7fRRh9RLnJny4ljGtJv1m2Eg=\n"
    assert open_checkpoint(note.encode(), LOG.verifier) == (head(300), note)
    with pytest.raises(ProofBroken, match="of the log"):
        open_checkpoint(note.encode(), LOG.verifier, origin="ledger.example/another")
    assert read_checkpoint(note.text + "extra\n").extensions == ("extra",)


@pytest.mark.parametrize(
    "text", ["", "a\n1\n", "a\n01\nAAAA\n", "a\n-1\nAAAA\n", "a\n1\nAAAA\n", "a\n1\n\n", "\n1\nAAAA\n", "a\n" + "9" * 5000 + "\nA\n"]
)
def test_what_is_no_checkpoint_is_not_read_as_one(text: str) -> None:
    with pytest.raises(BadInput):
        read_checkpoint(text)


def test_the_cosignature_is_over_the_time_and_the_whole_text() -> None:
    note = sign_checkpoint(head(300), LOG)
    line = cosign(note.text, WITNESS, AT)
    WITNESS.verifier.check(b"cosignature/v1\ntime 1777863721\n" + note.text.encode(), line.content[8:])
    found = check_cosignatures(note.with_signatures([line, line]), [WITNESS.verifier])
    assert [(one.witness.name, one.at) for one in found] == [("witness.example/w1", AT)]
    assert check_cosignatures(note, [WITNESS.verifier]) == ()
    for wrong in (line.content[:-1], line.content[:7] + b"\0" + line.content[8:], bytes(72)):
        with pytest.raises(ProofBroken):
            check_cosignatures(note.with_signatures([WITNESS.line(wrong)]), [WITNESS.verifier])


def asked(old: int, new: int, *, key: SigningKey = LOG, leaves: list[bytes] = LEAVES) -> Request:
    proof = tuple(plain(leaves[start:end]) for start, end in consistency_ranges(min(old, new), new))
    return Request(old, proof, sign_checkpoint(head(new, key, leaves), key))


def test_a_request_is_read_as_it_was_written() -> None:
    request = asked(71, 300)
    assert read_request(request.encode()) == request
    assert request.encode().startswith(b"old 71\nkPscz9xj4pL")
    assert read_request(asked(0, 300).encode()).proof == ()
    for wrong in (b"", b"old 1\n", b"old 01\n\n", b"new 1\n\n" + GO_NOTE.encode(), b"old 1\nxx\n\n" + GO_NOTE.encode()):
        with pytest.raises(BadInput):
            read_request(wrong)
    with pytest.raises(BadInput, match="63"):
        read_request(b"old 1\n" + b"AA==\n" * 64 + b"\n" + GO_NOTE.encode())


def test_a_witness_cosigns_growth_and_nothing_else() -> None:
    trusted = {LOG.verifier.name: [LOG.verifier]}
    seen = {LOG.verifier.name: Seen(71, plain(LEAVES[:71]))}
    forged = [leaf_hash(b"forged"), *LEAVES[1:]]

    def answer(request: Request) -> Checkpoint | tuple[int, bool]:
        judged = judge(request, trusted, seen)
        return (judged.status, judged.fork) if isinstance(judged, Refusal) else judged

    assert answer(asked(71, 300)) == head(300)
    assert answer(asked(71, 71)) == head(71)
    assert judge(asked(0, 300), trusted, {}) == head(300)
    assert judge(asked(0, 300), trusted, seen) == Refusal(409, "71")
    assert answer(asked(72, 300)) == (409, False)
    assert answer(asked(71, 70)) == (400, False)
    assert answer(asked(71, 300, leaves=forged)) == (422, False)
    assert answer(asked(71, 71, leaves=forged)) == (422, True)
    assert answer(msgspec.structs.replace(asked(71, 300), proof=())) == (422, False)
    assert answer(asked(71, 300, key=SigningKey("ledger.example/stranger", b"l" * 32))) == (404, False)
    assert answer(asked(71, 300, key=SigningKey("ledger.example/log", b"x" * 32))) == (403, False)
    assert answer(Request(71, (), signed("no checkpoint\n", LOG))) == (400, False)
    assert judge(Request(0, (), sign_checkpoint(Checkpoint(LOG.verifier.name, 0, bytes(32)), LOG)), trusted, {}) == Refusal(
        422, "the root of an empty log is not this", fork=True
    )
    assert judge(Request(0, (), sign_checkpoint(head(0), LOG)), trusted, {}) == Checkpoint(LOG.verifier.name, 0, EMPTY_ROOT)
    assert origin_hash("example.com/log") == hashlib.sha256(b"example.com/log").hexdigest()


@given(st.binary(max_size=40) | st.none())
def test_a_proof_in_a_file_is_read_as_it_was_written_and_checked(extra: bytes | None) -> None:
    hashes = tuple(plain(LEAVES[start:end]) for start, end in inclusion_ranges(257, 300))
    proof = InclusionProof(257, hashes, sign_checkpoint(head(300), LOG), extra)
    assert read_proof(proof.encode()) == proof
    assert proof.check(b"entry 257", LOG.verifier) == head(300)
    with pytest.raises(ProofBroken):
        proof.check(b"entry 258", LOG.verifier)
    with pytest.raises(ProofBroken):
        proof.check(b"entry 257", SigningKey(LOG.verifier.name, bytes(32)).verifier)
    assert proof.encode().startswith(b"c2sp.org/tlog-proof@v1\n" + (b"index 257\n" if extra is None else b"extra "))


@pytest.mark.parametrize("content", ["", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v1\nindex 01\n\n", "x\nindex 1\n\n"])
def test_what_is_no_proof_is_not_read_as_one(content: str) -> None:
    with pytest.raises(BadInput):
        read_proof(content.encode() + GO_NOTE.encode())


# -- commitments ------------------------------------------------------------------------------------------------------

ENTRY = Committed(
    admitted_at=AT,
    causation_id=None,
    correlation_id=None,
    data=msgspec.Raw(b'{"case_worker":"\xc3\xa9","hours":12}'),
    id="01957f6e-0000-7000-8000-000000000001",
    legal_basis="inburgeringsdecreet",
    position=12,
    recorded_at=datetime(2026, 5, 4, 3, 2, 1, 250_000, tzinfo=UTC),
    role="vdab",
    sequence=4,
    source="urn:kbo:0400000000:x",
    stream="persoon/x",
    time=AT,
    time_precision="second",
    type="be.inburgering.contract.signed.v1",
    version=3,
)


def test_a_commitment_can_be_made_with_json_and_sha_256_alone() -> None:
    """What an outsider does with an entry and its salt, spelled out."""
    shown = json.loads(canonical_bytes(ENTRY))
    canonical = json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert canonical == canonical_bytes(ENTRY)
    assert shown["recorded_at"] == "2026-05-04T03:02:01.250000Z"
    salt = salt_of(salt_key(b"k" * 32), 12)
    assert commitment(salt, canonical_bytes(ENTRY)) == hashlib.sha256(salt + canonical).digest()
    assert salt == hashlib.sha256(salt_key(b"k" * 32) + b"\0\0\0\0\0\0\0\x0c").digest()
    assert commitment(salt, canonical_bytes(ENTRY)).hex() == "c63c248989bf8394392d8a5811bf54d0e4d26647de39d6d5a159f882b5756cf1"


@given(st.sampled_from(Committed.__struct_fields__), st.integers(0, 2**62), st.binary(min_size=32, max_size=32))
def test_another_word_another_place_or_another_key_is_another_commitment(field: str, position: int, key: bytes) -> None:
    changed = msgspec.structs.replace(
        ENTRY, **{field: {"position": 13, "sequence": 5, "version": 4, "data": msgspec.Raw(b"{}")}.get(field, "2026")}
    )
    salt = salt_of(salt_key(key), position)
    assert commitment(salt, canonical_bytes(changed)) != commitment(salt, canonical_bytes(ENTRY))
    assert commitment(salt_of(salt_key(key), position + 1), canonical_bytes(ENTRY)) != commitment(salt, canonical_bytes(ENTRY))
    assert salt_key(key) != salt_key(bytes(32)) or key == bytes(32)
