-- The ledger as a transparency log: a commitment per entry, the nodes of the tree above them, the checkpoints that were signed.

ALTER TABLE ledger.entries ADD COLUMN commitment bytea;
ALTER TABLE ledger.entries ALTER COLUMN commitment SET STORAGE PLAIN;
COMMENT ON COLUMN ledger.entries.commitment IS 'Leaf position - 1 of the Merkle tree: a salted hash of the entry with its data opened, public under /tlog';

CREATE TABLE ledger.tree_nodes (
    level  smallint NOT NULL,
    index  bigint NOT NULL,
    hash   bytea NOT NULL,
    PRIMARY KEY (level, index)
);
ALTER TABLE ledger.tree_nodes ALTER COLUMN hash SET STORAGE PLAIN;
COMMENT ON TABLE ledger.tree_nodes IS 'Roots of the whole subtrees of 256, 65 536 … entries, written with the last entry of each. The levels between are made from these.';
COMMENT ON COLUMN ledger.tree_nodes.level IS '8, 16, 24 …: a node of level n spans 2**n entries';
COMMENT ON COLUMN ledger.tree_nodes.index IS 'Number of the node within its level, from 0';

CREATE TABLE ledger.checkpoints (
    size       bigint PRIMARY KEY,
    origin     text NOT NULL,
    root       bytea NOT NULL,
    note       text NOT NULL,
    signed_at  timestamptz NOT NULL,
    published  boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE ledger.checkpoints IS 'Every head of the tree that this log signed. Rows are never deleted: a log signs nothing that contradicts them.';
COMMENT ON COLUMN ledger.checkpoints.size IS 'Entries that it covers: the position of the last of them';
COMMENT ON COLUMN ledger.checkpoints.note IS 'The signed note as it was published, without cosignatures';

COMMENT ON COLUMN ledger.checkpoints.published IS 'Whether the witnesses were waited for: from then on it is served';

CREATE TABLE ledger.cosignatures (
    size         bigint NOT NULL REFERENCES ledger.checkpoints (size),
    witness      text NOT NULL,
    key_id       bigint NOT NULL,
    line         text NOT NULL,
    received_at  timestamptz NOT NULL,
    PRIMARY KEY (size, witness, key_id)
);
COMMENT ON TABLE ledger.cosignatures IS 'What witnesses put under checkpoints, as the lines that stand under the note.';
