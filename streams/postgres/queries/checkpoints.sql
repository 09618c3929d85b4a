-- name: last_checkpoint
-- The largest checkpoint, published or not.
SELECT size, origin, root, note, signed_at FROM ledger.checkpoints ORDER BY size DESC LIMIT 1;

-- name: published_checkpoint
-- The largest that is published.
SELECT size, origin, root, note, signed_at FROM ledger.checkpoints WHERE published ORDER BY size DESC LIMIT 1;

-- name: published_size
-- Up to where the tree may be served.
SELECT coalesce(max(size), 0) FROM ledger.checkpoints WHERE published;

-- name: checkpoint_of
-- The first published checkpoint that covers a position.
SELECT size, origin, root, note, signed_at FROM ledger.checkpoints WHERE published AND size >= $1 ORDER BY size LIMIT 1;

-- name: checkpoint_up_to
-- The largest that covers no more than this; the smaller ones are its beginnings.
SELECT size, root FROM ledger.checkpoints WHERE size <= $1 ORDER BY size DESC LIMIT 1;

-- name: checkpoints_before
-- A page of published checkpoints smaller than $1, the largest first.
SELECT size, origin, root, note, signed_at FROM ledger.checkpoints WHERE published AND size < $1 ORDER BY size DESC LIMIT $2;

-- name: keep_checkpoint
-- Keep a checkpoint before anybody sees it.
INSERT INTO ledger.checkpoints (size, origin, root, note, signed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING;

-- name: publish_checkpoint
-- Serve it from now on.
UPDATE ledger.checkpoints SET published = true WHERE size = $1;

-- name: cosignatures
-- What witnesses put under these checkpoints.
SELECT size, line FROM ledger.cosignatures WHERE size = ANY($1::bigint[]) ORDER BY size, witness, key_id;

-- name: keep_cosignature
-- A witness cosigned; the newest line of each counts.
INSERT INTO ledger.cosignatures (size, witness, key_id, line, received_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (size, witness, key_id) DO UPDATE SET line = excluded.line, received_at = excluded.received_at;
