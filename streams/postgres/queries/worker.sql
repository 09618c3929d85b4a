-- name: worker_may_write
-- Whether no runner of a ledger's own keeps the views; held until the transaction ends.
SELECT pg_try_advisory_xact_lock_shared($1);

-- name: worker_seen
-- A worker says that it is alive.
INSERT INTO view.worker (name, projections) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET seen_at = clock_timestamp();

-- name: worker_gone
-- A worker that stops, and those that have not been seen for an hour.
DELETE FROM view.worker WHERE name = $1 OR seen_at < clock_timestamp() - interval '1 hour';

-- name: worker_any
-- Whether a worker was seen within some seconds.
SELECT EXISTS (SELECT 1 FROM view.worker WHERE seen_at > clock_timestamp() - make_interval(secs => $1));

-- name: worker_evict
-- End the sessions that block a session, when their worker has not been seen for some seconds: it was paused in the middle.
SELECT pg_terminate_backend(a.pid)
FROM pg_stat_activity a
WHERE a.pid = ANY(pg_blocking_pids($1))
  AND a.application_name LIKE 'worker %'
  AND NOT EXISTS (SELECT 1 FROM view.worker w
                  WHERE w.name = a.application_name AND w.seen_at > clock_timestamp() - make_interval(secs => $2));

-- name: checkpoint_lock
-- How far the tables of some projections are in some partitions; held until the transaction ends.
SELECT c.topic, c.partition, c.table_name, c.cluster_id, c.next_offset, c.position, p.name, p.version
FROM view.checkpoint c
JOIN ledger.projections p ON p.table_name = c.table_name
WHERE (c.topic, c.partition) IN (SELECT * FROM unnest($1::text[], $2::integer[])) AND p.name = ANY($3::text[])
ORDER BY c.topic, c.partition, c.table_name
FOR UPDATE OF c;

-- name: checkpoint_lock_all
-- All tables of some projections in all partitions; held until the transaction ends.
SELECT c.table_name
FROM view.checkpoint c
JOIN ledger.projections p ON p.table_name = c.table_name
WHERE p.name = ANY($1::text[])
ORDER BY c.topic, c.partition, c.table_name
FOR UPDATE OF c;

-- name: checkpoint_advance
-- Tables have the entries of some partitions, each up to an offset and a position.
UPDATE view.checkpoint c
SET next_offset = n.next_offset, position = greatest(c.position, n.position), cluster_id = $6, worker = $7, updated_at = clock_timestamp()
FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[]) AS n (topic, partition, next_offset, position)
WHERE c.topic = n.topic AND c.partition = n.partition AND c.table_name = ANY($5::text[]);

-- name: checkpoint_turn
-- Rows of some tables were written: counted in one of the partitions.
UPDATE view.checkpoint SET turns = turns + 1 WHERE table_name = ANY($1::text[]) AND topic = $2 AND partition = $3;

-- name: checkpoint_offsets
-- Where to read on in each partition for the tables of some projections.
SELECT c.topic, c.partition, min(CASE WHEN c.cluster_id = $2 THEN c.next_offset ELSE 0 END) AS next_offset
FROM view.checkpoint c
JOIN ledger.projections p ON p.table_name = c.table_name
WHERE p.name = ANY($1::text[])
GROUP BY c.topic, c.partition;

-- name: checkpoint_start
-- A table that has everything up to a position: it reads on where the others of that partition do.
INSERT INTO view.checkpoint (topic, partition, table_name, cluster_id, next_offset, position, worker)
SELECT $2, $3, $1, $4, coalesce(min(CASE WHEN c.cluster_id = $4 THEN c.next_offset ELSE 0 END), 0), $5, $6
FROM view.checkpoint c
WHERE c.topic = $2 AND c.partition = $3
ON CONFLICT DO NOTHING;

-- name: checkpoint_at_least
-- What the views have, each partition has.
UPDATE view.checkpoint SET position = $1 WHERE position < $1;

-- name: checkpoints
-- How far every table is in every partition.
SELECT c.topic, c.partition, c.table_name, p.name, p.state, c.position, c.turns
FROM view.checkpoint c
JOIN ledger.projections p ON p.table_name = c.table_name;

-- name: checkpoint_tables
-- All tables, live or being filled.
SELECT table_name FROM ledger.projections WHERE state IN ('live', 'building') ORDER BY table_name;

-- name: pending_shards
-- Where something is left to do in the tables of some projections.
SELECT DISTINCT n.shard
FROM view.pending n
WHERE n.tables && (SELECT coalesce(array_agg(p.table_name), '{}') FROM ledger.projections p WHERE p.name = ANY($1::text[]));

-- name: pending_take
-- What is left to do in some tables by whoever holds a partition.
SELECT number, stream FROM view.pending WHERE shard = ANY($1::integer[]) AND tables && $2::text[] ORDER BY number LIMIT $3 FOR UPDATE;

-- name: pending_done
-- It was done in some tables.
UPDATE view.pending
SET tables = ARRAY(SELECT t FROM unnest(tables) AS t WHERE t <> ALL($2::text[]))
WHERE number = ANY($1::bigint[]);

-- name: pending_clear
-- Nothing is left to do, or only in tables that are gone.
DELETE FROM view.pending
WHERE number = ANY($1::bigint[])
  AND NOT tables && (SELECT coalesce(array_agg(p.table_name), '{}') FROM ledger.projections p);

-- name: pending_clear_gone
-- What was left to do in tables that are gone.
DELETE FROM view.pending
WHERE NOT tables && (SELECT coalesce(array_agg(p.table_name), '{}') FROM ledger.projections p);

-- name: pending_lowest
-- The lowest position that waits for something, in each table.
SELECT t AS table_name, min(n.position) AS position FROM view.pending n, unnest(n.tables) AS t GROUP BY t;

-- name: pending_all
-- Take everything that is left to do.
DELETE FROM view.pending RETURNING stream;

-- name: dependency_add
-- Add to what some keys depend on.
INSERT INTO view.dependency (key, stream) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING;

-- name: due_sooner
-- When some keys are due; the sooner day stays.
INSERT INTO view.due (key, day) SELECT * FROM unnest($1::text[], $2::date[])
ON CONFLICT (key) DO UPDATE SET day = excluded.day WHERE view.due.day > excluded.day;

-- name: due_take
-- Take the keys that change with the day alone.
DELETE FROM view.due WHERE day <= $1 RETURNING key;

-- name: due_any
-- Whether a key changes with the day alone.
SELECT EXISTS (SELECT 1 FROM view.due WHERE day <= $1);

-- name: steward_hold
-- Become the steward, or stay it for some seconds more.
UPDATE view.steward SET holder = $1, until = clock_timestamp() + make_interval(secs => $2)
WHERE holder = $1 OR until < clock_timestamp()
RETURNING position;

-- name: steward_release
-- Be the steward no longer.
UPDATE view.steward SET until = '-infinity' WHERE holder = $1;

-- name: steward_lock
-- How far what depends on shared streams was marked, if one is the steward; held until the transaction ends.
SELECT position FROM view.steward WHERE holder = $1 FOR UPDATE;

-- name: steward_marked
-- What depends on shared streams was marked up to here.
UPDATE view.steward SET position = $1;

-- name: steward_shared
-- Streams of a stretch of the ledger that others may depend on.
SELECT DISTINCT stream FROM ledger.entries
WHERE position > $1 AND position <= $2 AND split_part(stream, '/', 1) IN ('editie', 'aanbod', 'beleid', 'bron');

-- name: steward_version
-- The views are of these folding rules.
UPDATE view.runner SET version = $1;

-- name: steward_projection
-- The position of a live table, for people to read.
UPDATE ledger.projections SET position = $2, as_of = $3, updated_at = clock_timestamp() WHERE table_name = $1;

-- name: checkpoint_lock_place
-- All tables in a partition; held until the transaction ends.
SELECT table_name FROM view.checkpoint WHERE topic = $1 AND partition = $2 ORDER BY table_name FOR UPDATE;

-- name: pending_any
-- Whether anything is left to do.
SELECT EXISTS (SELECT 1 FROM view.pending);

-- name: steward_position
-- Up to where what depends on shared streams was marked.
SELECT position FROM view.steward;

-- name: steward_retry
-- Stalled streams whose time for another try has come and that do not wait for one already.
SELECT DISTINCT s.stream
FROM ledger.stalled_streams s
WHERE s.tried_at + least(interval '1 hour', interval '5 seconds' * power(2, least(s.attempts, 12))) <= $1
  AND NOT EXISTS (SELECT 1 FROM view.pending n WHERE n.stream = s.stream);

-- name: steward_aggregated
-- The findings over many streams were made.
UPDATE view.steward SET aggregated_position = $1, aggregated_turns = $2;

-- name: worker_rest
-- Whether the views are at the head of the ledger, with nothing left to do.
SELECT r.position = s.position AND r.as_of IS NOT NULL
   AND t.aggregated_position = s.position AND t.aggregated_turns = (SELECT sum(turns) FROM view.checkpoint)
   AND NOT EXISTS (SELECT 1 FROM view.pending) AND NOT EXISTS (SELECT 1 FROM view.due WHERE day <= r.as_of)
FROM view.runner r, ledger.sequencer s, view.steward t;

-- name: checkpoint_ends
-- Where the partitions of a worker end, for people to read.
UPDATE view.checkpoint c
SET end_offset = n.end_offset, worker = $4
FROM unnest($1::text[], $2::integer[], $3::bigint[]) AS n (topic, partition, end_offset), ledger.projections p
WHERE c.topic = n.topic AND c.partition = n.partition AND p.table_name = c.table_name AND p.name = ANY($5::text[])
  AND (c.end_offset, c.worker) IS DISTINCT FROM (n.end_offset, $4);

-- name: reading_partitions
-- How far each live view is in each partition, while workers keep the views; no lag where nobody looked yet where the partition ends.
SELECT p.name, c.topic, c.partition, c.position, w.name AS worker,
    CASE WHEN c.end_offset IS NOT NULL THEN greatest(c.end_offset - c.next_offset, 0) END AS lag
FROM view.checkpoint c
JOIN ledger.projections p ON p.table_name = c.table_name AND p.state = 'live'
LEFT JOIN view.worker w ON w.name = c.worker AND w.seen_at > clock_timestamp() - make_interval(secs => $1)
WHERE EXISTS (SELECT 1 FROM view.worker WHERE seen_at > clock_timestamp() - make_interval(secs => $1))
ORDER BY p.name, c.topic, c.partition;
