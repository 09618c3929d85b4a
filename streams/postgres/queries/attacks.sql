-- name: attack_unguarded
-- What only the owner of a database can do: no trigger and no foreign key stands in the way of this transaction. For demonstrations on copies.
SET LOCAL session_replication_role = replica;

-- name: attack_data
-- Change the data of an entry.
UPDATE ledger.entries SET data = $2 WHERE position = $1;

-- name: attack_delete
-- Delete an entry.
DELETE FROM ledger.entries WHERE position = $1;

-- name: attack_move
-- Give an entry another position.
UPDATE ledger.entries SET position = $2 WHERE position = $1;

-- name: attack_backdate
-- Date the admission of an entry back.
UPDATE ledger.entries SET admitted_at = admitted_at - interval '400 days' WHERE position = $1;

-- name: attack_causation
-- Change the envelope of an entry.
UPDATE ledger.entries SET causation_id = $2 WHERE position = $1;

-- name: attack_hashes
-- Write the hash and the leaf of an entry anew.
UPDATE ledger.entries SET digest = $2, commitment = $3 WHERE position = $1;

-- name: attack_nodes
-- Forget the nodes of the tree.
DELETE FROM ledger.tree_nodes;

-- name: attack_cosignatures
-- Forget what witnesses signed.
DELETE FROM ledger.cosignatures;

-- name: attack_checkpoints
-- Forget what was signed from a size on.
DELETE FROM ledger.checkpoints WHERE size >= $1;
