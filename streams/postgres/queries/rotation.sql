-- name: key_check
-- Which master key this database is of.
SELECT key_check FROM ledger.ledger;

-- name: set_key_check
-- The new master key is this database's own.
UPDATE ledger.ledger SET key_check = $1;

-- name: wrapped_keys
-- A page of stream keys that are not destroyed.
SELECT key_id, stream, wrapped FROM ledger.stream_keys WHERE key_id > $1 AND wrapped IS NOT NULL ORDER BY key_id LIMIT $2;

-- name: rewrap_keys
-- Stream keys wrapped by the new master key.
UPDATE ledger.stream_keys k SET wrapped = n.wrapped FROM unnest($1::bigint[], $2::bytea[]) AS n (key_id, wrapped) WHERE k.key_id = n.key_id;

-- name: sealed_refusals
-- A page of refused originals.
SELECT number, content, raw FROM ledger.refusals WHERE number > $1 AND raw IS NOT NULL ORDER BY number LIMIT $2;

-- name: reseal_refusals
-- Refused originals sealed with the key that hangs from the new master key.
UPDATE ledger.refusals r SET raw = n.raw FROM unnest($1::bigint[], $2::bytea[]) AS n (number, raw) WHERE r.number = n.number;
