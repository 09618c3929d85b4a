-- name: try_lock
-- Become the only writer: held by this session until it ends.
SELECT pg_try_advisory_lock($1);

-- name: take_over
-- Begin a new epoch: whoever wrote before can write nothing more. A writer that returns ($2 is its epoch) does so only if
-- nobody else took over meanwhile; its own take-over, whose answer it may not have got, is no hindrance.
UPDATE ledger.sequencer SET epoch = epoch + 1, writer = $1
WHERE $2::bigint IS NULL OR epoch = $2 OR writer = $1
RETURNING epoch, position, admitted_at;

-- name: end_writer
-- End the session that holds the writer's lock, so that this one can take over.
SELECT pg_terminate_backend(pid) FROM pg_locks
WHERE locktype = 'advisory' AND objid = $1::bigint AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database());

-- name: taken_over
-- Whether another writer than $1 took over since its epoch $2.
SELECT epoch <> $2 AND writer <> $1 FROM ledger.sequencer;

-- name: advance
-- Move the head, if this writer's epoch is still the one and the head is where it left it; tell the followers.
-- The row stays locked until the commit.
UPDATE ledger.sequencer SET position = $3::bigint, admitted_at = $4 WHERE epoch = $1 AND position = $2
RETURNING epoch, pg_notify('ledger_entries', $3::bigint::text);

-- name: hold
-- The same check for a batch that admits nothing.
SELECT epoch FROM ledger.sequencer WHERE epoch = $1 FOR UPDATE;

-- name: duplicates
-- Which of these (source, id) stand in the ledger already, with their position and content hash.
SELECT wanted.place, e.position, e.digest
FROM unnest($1::text[], $2::uuid[]) WITH ORDINALITY AS wanted (source, id, place)
JOIN ledger.entries e ON e.source = wanted.source AND e.id = wanted.id;

-- name: stream_states
-- Head version and key of these streams; version 0 and no key when there is nothing yet.
SELECT wanted.stream, coalesce(head.version, 0) AS version, k.key_id, k.wrapped, i.stream IS NOT NULL AS identified
FROM unnest($1::text[]) AS wanted (stream)
LEFT JOIN LATERAL (
    SELECT e.version FROM ledger.entries e WHERE e.stream = wanted.stream ORDER BY e.version DESC LIMIT 1
) AS head ON true
LEFT JOIN ledger.stream_keys k ON k.stream = wanted.stream
LEFT JOIN ledger.identities i ON i.stream = wanted.stream;

-- name: last_key
-- The highest key number given.
SELECT coalesce(max(key_id), 0) FROM ledger.stream_keys;

-- name: destroy_keys
-- Destroy the keys of erased streams: their data is unreadable from here on.
UPDATE ledger.stream_keys SET wrapped = NULL, destroyed_by = $2 WHERE stream = ANY($1::text[]) AND wrapped IS NOT NULL;

-- name: erase_identities
-- Forget the numbers behind erased streams.
DELETE FROM ledger.identities WHERE stream = ANY($1::text[]);

-- name: erase_refusals
-- Forget the refused originals that were meant for erased streams.
UPDATE ledger.refusals SET raw = NULL WHERE stream = ANY($1::text[]) AND raw IS NOT NULL;

-- name: record_erasures
-- From this position on nothing more is admitted on these streams.
INSERT INTO ledger.erasures (stream, position) SELECT s, $2 FROM unnest($1::text[]) AS s ON CONFLICT DO NOTHING;

-- name: keep_refusals
-- Keep refused submissions; the same bytes again are counted on the refusal that is open already.
INSERT INTO ledger.refusals AS kept (
    content, credential, source, event_id, type, stream, sequence, code, rule, pointer, message_nl, message_en,
    received_at, stamp, raw, times_seen, last_seen_at
)
SELECT r.content, r.credential, r.source, r.event_id, r.type, r.stream, r.sequence, r.code, r.rule, r.pointer, r.message_nl, r.message_en,
       r.stamp, r.stamp, r.raw, r.times_seen, r.stamp
FROM unnest(
    $1::bytea[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::text[], $10::text[],
    $11::text[], $12::text[], $13::timestamptz[], $14::bytea[], $15::integer[]
) AS r (content, credential, source, event_id, type, stream, sequence, code, rule, pointer, message_nl, message_en, stamp, raw, times_seen)
ON CONFLICT (content) WHERE state = 'open' DO UPDATE SET
    times_seen = kept.times_seen + excluded.times_seen, last_seen_at = excluded.last_seen_at, stamp = excluded.stamp,
    code = excluded.code, rule = excluded.rule, pointer = excluded.pointer,
    message_nl = excluded.message_nl, message_en = excluded.message_en
RETURNING number, content;

-- name: add_totals
-- Count what was answered.
INSERT INTO ledger.source_totals AS t (source, outcome, code, n)
SELECT a.source, a.outcome, a.code, a.n FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS a (source, outcome, code, n)
ON CONFLICT (source, outcome, code) DO UPDATE SET n = t.n + excluded.n;
