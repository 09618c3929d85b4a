-- name: live_keys
-- How many of these streams have a key that is not destroyed.
SELECT count(*) FROM ledger.stream_keys WHERE stream = ANY($1::text[]) AND wrapped IS NOT NULL;

-- name: next_sequence
-- The number that the register's own next event gets.
SELECT coalesce(max(sequence), 0) + 1 FROM ledger.entries WHERE source = $1;
