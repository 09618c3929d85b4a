-- name: head
-- Where the ledger stands.
SELECT epoch, position, admitted_at, writer FROM ledger.sequencer;

-- name: ledger
-- What this ledger is.
SELECT ledger_id::text AS ledger_id, mode, format, key_check, created_at FROM ledger.ledger;

-- name: found
-- Found the ledger, unless it is founded already.
INSERT INTO ledger.ledger (ledger_id, mode, format, key_check, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING;

-- name: read
-- A page of entries in position order.
SELECT position, stream, version, type, id::text, source, role, time, time_precision, recorded_at, admitted_at, sequence,
       legal_basis, causation_id::text, correlation_id::text, key_id, data
FROM ledger.entries WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3;

-- name: read_streams
-- The whole of many streams at once, each in version order.
SELECT position, stream, version, type, id::text, source, role, time, time_precision, recorded_at, admitted_at, sequence,
       legal_basis, causation_id::text, correlation_id::text, key_id, data
FROM ledger.entries WHERE stream = ANY($1::text[]) AND position <= $2 ORDER BY stream, version;

-- name: read_types
-- A page of the entries of the types that steer the ledger; the list repeats the one of the index.
SELECT position, stream, version, type, id::text, source, role, time, time_precision, recorded_at, admitted_at, sequence,
       legal_basis, causation_id::text, correlation_id::text, key_id, data
FROM ledger.entries
WHERE type IN (
        'be.inburgering.identity.linked.v1', 'be.inburgering.event.corrected.v1', 'be.inburgering.event.retracted.v1',
        'be.inburgering.erasure.executed.v1', 'be.inburgering.publisher-authority.changed.v1'
    )
    AND type = ANY($1::text[]) AND position > $2 AND position <= $3
ORDER BY position LIMIT $4;

-- name: admitted_at
-- When the entry at a position was admitted.
SELECT admitted_at FROM ledger.entries WHERE position = $1;

-- name: streams_after
-- A page of stream names after one of them, found by skipping through the index from name to name.
WITH RECURSIVE names AS (
    (SELECT stream, 1 AS n FROM ledger.entries WHERE stream > $1 AND stream < $2 ORDER BY stream LIMIT 1)
    UNION ALL
    SELECT next.stream, names.n + 1
    FROM names CROSS JOIN LATERAL (
        SELECT e.stream FROM ledger.entries e WHERE e.stream > names.stream AND e.stream < $2 ORDER BY e.stream LIMIT 1
    ) AS next
    WHERE names.n < $3
)
SELECT stream FROM names;

-- name: find
-- The position of an event by its source and id.
SELECT position FROM ledger.entries WHERE source = $1 AND id = $2;

-- name: keys_by_id
-- Stream keys, wrapped; null when destroyed.
SELECT key_id, stream, wrapped FROM ledger.stream_keys WHERE key_id = ANY($1::bigint[]);

-- name: erasures
-- Erased streams with the position of the erasure.
SELECT stream, position FROM ledger.erasures;

-- name: totals
-- How often each outcome was answered to each source.
SELECT source, outcome, code, n FROM ledger.source_totals ORDER BY source, outcome, code;

-- name: identity
-- The sealed INSZ behind a stream, with the key that seals it.
SELECT i.sealed, k.key_id, k.wrapped FROM ledger.identities i JOIN ledger.stream_keys k ON k.stream = i.stream WHERE i.stream = $1;

-- name: read_links
-- Everything that ties pseudonyms together or apart: links, and retractions by whoever may link.
SELECT position, stream, version, type, id::text, source, role, time, time_precision, recorded_at, admitted_at, sequence,
       legal_basis, causation_id::text, correlation_id::text, key_id, data
FROM ledger.entries
WHERE type IN ('be.inburgering.identity.linked.v1', 'be.inburgering.event.retracted.v1') AND role = 'identity_service' AND position > $1
ORDER BY position;
