-- name: backup_tables
-- Everything beside the entries that belongs to the ledger and that no view can be made from again, a JSON object a row.
SELECT 'ledger' AS of, to_jsonb(t) AS row FROM (SELECT only_row, ledger_id, mode, format, key_check, created_at FROM ledger.ledger) t
UNION ALL
SELECT 'stream_keys', to_jsonb(t) FROM (SELECT key_id, stream, wrapped, destroyed_by FROM ledger.stream_keys ORDER BY key_id) t
UNION ALL
SELECT 'identities', to_jsonb(t) FROM (SELECT stream, sealed FROM ledger.identities ORDER BY stream) t
UNION ALL
SELECT 'erasures', to_jsonb(t) FROM (SELECT stream, position FROM ledger.erasures ORDER BY stream) t
UNION ALL
SELECT 'publishers', to_jsonb(t) FROM (
    SELECT name, right_held, org, role, authority, token_hash, previous_hash, previous_until, created_at, rotated_at, revoked_at
    FROM ledger.publishers ORDER BY name
) t
UNION ALL
SELECT 'refusals', to_jsonb(t) FROM (
    SELECT number, content, credential, source, event_id, type, stream, sequence, code, rule, pointer, message_nl, message_en,
           received_at, stamp, raw, state, resubmitted_as, times_seen, last_seen_at
    FROM ledger.refusals ORDER BY number
) t
UNION ALL
SELECT 'source_totals', to_jsonb(t) FROM (SELECT source, outcome, code, n FROM ledger.source_totals ORDER BY source, outcome, code) t
UNION ALL
SELECT 'consumed_offsets', to_jsonb(t) FROM (SELECT topic, partition, next_offset FROM ledger.consumed_offsets ORDER BY topic, partition) t
UNION ALL
SELECT 'undelivered', to_jsonb(t) FROM (SELECT number, topic, partition, deliveries FROM ledger.undelivered ORDER BY number) t
UNION ALL
SELECT 'checkpoints', to_jsonb(t) FROM (SELECT size, origin, root, note, signed_at, published FROM ledger.checkpoints ORDER BY size) t
UNION ALL
SELECT 'cosignatures', to_jsonb(t) FROM (SELECT size, witness, key_id, line, received_at FROM ledger.cosignatures ORDER BY size, witness, key_id) t;

-- name: restore_ledger
-- What the ledger is.
INSERT INTO ledger.ledger (only_row, ledger_id, mode, format, key_check, created_at)
SELECT only_row, ledger_id, mode, format, key_check, created_at FROM jsonb_populate_recordset(NULL::ledger.ledger, $1::jsonb);

-- name: restore_stream_keys
-- Wrapped keys.
INSERT INTO ledger.stream_keys (key_id, stream, wrapped, destroyed_by)
SELECT key_id, stream, wrapped, destroyed_by FROM jsonb_populate_recordset(NULL::ledger.stream_keys, $1::jsonb);

-- name: restore_identities
-- Sealed numbers.
INSERT INTO ledger.identities (stream, sealed) SELECT stream, sealed FROM jsonb_populate_recordset(NULL::ledger.identities, $1::jsonb);

-- name: restore_erasures
-- Erased streams.
INSERT INTO ledger.erasures (stream, position) SELECT stream, position FROM jsonb_populate_recordset(NULL::ledger.erasures, $1::jsonb);

-- name: restore_publishers
-- Credentials.
INSERT INTO ledger.publishers
    (name, right_held, org, role, authority, token_hash, previous_hash, previous_until, created_at, rotated_at, revoked_at)
SELECT name, right_held, org, role, authority, token_hash, previous_hash, previous_until, created_at, rotated_at, revoked_at
FROM jsonb_populate_recordset(NULL::ledger.publishers, $1::jsonb);

-- name: restore_refusals
-- Refused submissions, under their numbers.
INSERT INTO ledger.refusals
    (number, content, credential, source, event_id, type, stream, sequence, code, rule, pointer, message_nl, message_en,
     received_at, stamp, raw, state, resubmitted_as, times_seen, last_seen_at)
OVERRIDING SYSTEM VALUE
SELECT number, content, credential, source, event_id, type, stream, sequence, code, rule, pointer, message_nl, message_en,
       received_at, stamp, raw, state, resubmitted_as, times_seen, last_seen_at
FROM jsonb_populate_recordset(NULL::ledger.refusals, $1::jsonb);

-- name: restore_source_totals
-- What was answered.
INSERT INTO ledger.source_totals (source, outcome, code, n)
SELECT source, outcome, code, n FROM jsonb_populate_recordset(NULL::ledger.source_totals, $1::jsonb);

-- name: restore_consumed_offsets
-- How far Kafka was read.
INSERT INTO ledger.consumed_offsets (topic, partition, next_offset)
SELECT topic, partition, next_offset FROM jsonb_populate_recordset(NULL::ledger.consumed_offsets, $1::jsonb);

-- name: restore_undelivered
-- Verdicts that are still owed.
INSERT INTO ledger.undelivered (number, topic, partition, deliveries) OVERRIDING SYSTEM VALUE
SELECT number, topic, partition, deliveries FROM jsonb_populate_recordset(NULL::ledger.undelivered, $1::jsonb);

-- name: restore_checkpoints
-- What the log signed.
INSERT INTO ledger.checkpoints (size, origin, root, note, signed_at, published)
SELECT size, origin, root, note, signed_at, published FROM jsonb_populate_recordset(NULL::ledger.checkpoints, $1::jsonb);

-- name: restore_cosignatures
-- What witnesses put under it.
INSERT INTO ledger.cosignatures (size, witness, key_id, line, received_at)
SELECT size, witness, key_id, line, received_at FROM jsonb_populate_recordset(NULL::ledger.cosignatures, $1::jsonb);

-- name: restore_numbers
-- Go on numbering after what was restored.
SELECT setval(pg_get_serial_sequence('ledger.refusals', 'number'), (SELECT coalesce(max(number), 0) + 1 FROM ledger.refusals), false),
       setval(pg_get_serial_sequence('ledger.undelivered', 'number'), (SELECT coalesce(max(number), 0) + 1 FROM ledger.undelivered), false);
