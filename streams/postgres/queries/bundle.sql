-- name: bundle_entries
-- Some entries with all that is stored of them, in position order.
SELECT position, version, sequence, time, recorded_at, admitted_at, key_id, id::text, causation_id::text, correlation_id::text,
       stream, type, source, role, time_precision, legal_basis, digest, data, commitment
FROM ledger.entries WHERE position = ANY($1::bigint[]) ORDER BY position;
