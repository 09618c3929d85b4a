-- name: commitments
-- The leaves at positions after $1 up to $2.
SELECT commitment FROM ledger.entries WHERE position > $1 AND position <= $2 ORDER BY position;

-- name: tree_nodes
-- Nodes of one level, from index $2 up to but not with $3.
SELECT hash FROM ledger.tree_nodes WHERE level = $1 AND index >= $2 AND index < $3 ORDER BY index;

-- name: is_planted
-- Whether the entries have their leaves (they get them all at once); null when there is no entry.
SELECT commitment IS NOT NULL FROM ledger.entries WHERE position = 1;

-- name: bare_entries
-- A page of entries with all that their leaves are made of; the key wrapped, null when there is none or it is destroyed.
SELECT e.position, e.stream, e.version, e.type, e.id::text, e.source, e.role, e.time, e.time_precision, e.recorded_at, e.admitted_at,
       e.sequence, e.legal_basis, e.causation_id::text, e.correlation_id::text, e.key_id, e.data, e.commitment, k.wrapped
FROM ledger.entries e LEFT JOIN ledger.stream_keys k ON k.key_id = e.key_id
WHERE e.position > $1 AND e.position <= $2 ORDER BY e.position LIMIT $3;

-- name: allow_planting
-- Entries are never changed but for this once.
ALTER TABLE ledger.entries DISABLE TRIGGER entries_are_immutable;

-- name: plant
-- Give entries their leaves, where they have none.
UPDATE ledger.entries e SET commitment = c.commitment
FROM unnest($1::bigint[], $2::bytea[]) AS c (position, commitment) WHERE e.position = c.position AND e.commitment IS NULL;

-- name: end_planting
-- Entries are never changed again.
ALTER TABLE ledger.entries ENABLE TRIGGER entries_are_immutable;
