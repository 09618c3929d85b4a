-- name: record
-- Positions for events that the eventsourcing library records itself; a new epoch, so that no sequencer writes beside it.
UPDATE ledger.sequencer SET position = position + $1::integer, admitted_at = $2, epoch = epoch + 1, writer = 'recorder'
RETURNING position, pg_notify('ledger_entries', position::text);

-- name: recorded
-- The events of one aggregate, in version order.
SELECT position, stream, version, type, id::text, source, role, time, time_precision, recorded_at, admitted_at, sequence,
       legal_basis, causation_id::text, correlation_id::text, key_id, data
FROM ledger.entries WHERE stream = $1 AND version > $2::bigint AND version <= $3::bigint ORDER BY version LIMIT $4;

-- name: recorded_last
-- The events of one aggregate, newest first.
SELECT position, stream, version, type, id::text, source, role, time, time_precision, recorded_at, admitted_at, sequence,
       legal_basis, causation_id::text, correlation_id::text, key_id, data
FROM ledger.entries WHERE stream = $1 AND version > $2::bigint AND version <= $3::bigint ORDER BY version DESC LIMIT $4;

-- name: notifications
-- A page of the ledger in position order, of some types (all when the list is empty).
SELECT position, stream, version, type, id::text, source, role, time, time_precision, recorded_at, admitted_at, sequence,
       legal_basis, causation_id::text, correlation_id::text, key_id, data
FROM ledger.entries WHERE position > $1 AND position <= $2 AND (cardinality($4::text[]) = 0 OR type = ANY($4)) ORDER BY position LIMIT $3;
