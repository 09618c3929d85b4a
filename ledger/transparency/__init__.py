"""The ledger as a transparency log: an outsider checks that nothing was changed or removed (design.md decision 9).

Pure. The formats are those of RFC 9162 (tree and proofs) and of the C2SP specifications signed-note, tlog-checkpoint, tlog-tiles,
tlog-cosignature, tlog-witness and tlog-proof, so that tools which are not ours read them.

commitment   what a leaf is: an entry, hashed with a salt that goes when its stream's key goes
tree         hashes, the frontier that grows, roots
proof        inclusion and consistency: which nodes prove it, and the checking
tile         the tree cut into tiles of 256 hashes, and bundles of leaves
proof_text   an inclusion proof with its checkpoint, in one file
note         text signed with Ed25519
checkpoint   the signed head of a log
cosignature  what a witness adds to it
witness      what a witness is asked, and what it answers
"""
