-- name: runner_head
-- Where all live views stand.
SELECT position, as_of, version FROM view.runner;

-- name: runner_lock
-- The same, held until the transaction ends: a second runner waits, and then finds the position moved.
SELECT position, as_of, version FROM view.runner FOR UPDATE;

-- name: runner_advance
-- Save the position that the rows written in this transaction explain.
UPDATE view.runner SET position = $1, as_of = $2, version = $3, advanced_at = clock_timestamp();

-- name: runner_projections_advance
-- The same position on each live projection, for people to read.
UPDATE ledger.projections SET position = $1, as_of = $2, updated_at = clock_timestamp() WHERE state = 'live';

-- name: runner_envelopes
-- The envelopes of a stretch of the ledger: what changed, and the quality of who sent it.
SELECT position, stream, type, source, sequence, time, recorded_at, admitted_at
FROM ledger.entries
WHERE position > $1 AND position <= $2
ORDER BY position
LIMIT $3;

-- name: runner_surroundings
-- Entries on policy, offers, editions and publishers: every fold may look at them.
SELECT position, stream, version, type, id::text, source, role, time, time_precision, recorded_at, admitted_at, sequence,
       legal_basis, causation_id::text, correlation_id::text, key_id, data
FROM ledger.entries
WHERE position > $1 AND position <= $2 AND split_part(stream, '/', 1) IN ('editie', 'aanbod', 'beleid', 'bron')
ORDER BY position;

-- name: runner_admitted_at
-- When an entry was admitted: a sandbox's today is the day of its last entry.
SELECT admitted_at FROM ledger.entries WHERE position = $1;

-- name: runner_dependents
-- The keys whose rows depend on any of these streams.
SELECT DISTINCT key FROM view.dependency WHERE stream = ANY($1::text[]);

-- name: runner_due
-- The keys that change with the day alone.
SELECT key FROM view.due WHERE day <= $1;

-- name: runner_stream_count
-- How many streams there are.
SELECT count(*) FROM (SELECT DISTINCT stream FROM ledger.entries) AS streams;

-- name: runner_retry
-- Stalled streams whose time for another try has come: the wait doubles with each attempt, an hour at the most.
SELECT DISTINCT stream
FROM ledger.stalled_streams
WHERE tried_at + least(interval '1 hour', interval '5 seconds' * power(2, least(attempts, 12))) <= $1;

-- name: runner_stall
-- A projection could not digest a stream.
INSERT INTO ledger.stalled_streams (projection, stream, position, reason, since, tried_at, attempts)
VALUES ($1, $2, $3, $4, $5, $5, 1)
ON CONFLICT (projection, stream) DO UPDATE
SET position = excluded.position, reason = excluded.reason, tried_at = excluded.tried_at, attempts = ledger.stalled_streams.attempts + 1;

-- name: runner_unstall
-- Streams that went well again.
DELETE FROM ledger.stalled_streams WHERE projection = $1 AND stream = ANY($2::text[]);

-- name: settling_stalled
-- Which of some streams could not be digested before.
SELECT projection, stream FROM ledger.stalled_streams WHERE stream = ANY($1::text[]);

-- name: runner_unstall_gone
-- Streams that were absorbed by another: nothing of theirs can stall.
DELETE FROM ledger.stalled_streams WHERE stream = ANY($1::text[]);

-- name: runner_sources
-- The quality state of some sources.
SELECT source, state FROM view.source_state WHERE source = ANY($1::text[]);

-- name: runner_all_sources
-- The quality state of all sources.
SELECT source, state FROM view.source_state ORDER BY source;

-- name: runner_save_source
-- Keep the quality state of a source.
INSERT INTO view.source_state (source, state) VALUES ($1, $2::jsonb)
ON CONFLICT (source) DO UPDATE SET state = excluded.state;

-- name: runner_refused_sequences
-- Sequence numbers that arrived and were refused: they are not missing.
SELECT source, sequence, received_at FROM ledger.refusals WHERE source IS NOT NULL AND sequence IS NOT NULL;

-- name: runner_forget_dependencies
-- Forget what some keys depend on, before saying it anew.
DELETE FROM view.dependency WHERE key = ANY($1::text[]);

-- name: runner_forget_due
-- Forget when some keys are due, before saying it anew.
DELETE FROM view.due WHERE key = ANY($1::text[]);

-- name: rebuild_request
-- Ask for a rebuild.
INSERT INTO view.rebuild (projection, requested_at) VALUES ($1, $2) RETURNING number;

-- name: rebuild_next
-- The oldest rebuild that is not finished.
SELECT number, projection FROM view.rebuild WHERE finished_at IS NULL ORDER BY number LIMIT 1;

-- name: rebuild_start
-- It starts now (again, if the runner died in the middle).
UPDATE view.rebuild SET started_at = $2, done = 0, total = $3, error = NULL WHERE number = $1;

-- name: rebuild_progress
-- How far it is.
UPDATE view.rebuild SET done = $2 WHERE number = $1;

-- name: rebuild_finish
-- It is done, or failed with an error.
UPDATE view.rebuild SET finished_at = $2, position = $3, error = $4 WHERE number = $1;

-- name: rebuild_list
-- The newest rebuilds.
SELECT number, projection, requested_at, started_at, finished_at, done, total, position, error
FROM view.rebuild ORDER BY number DESC LIMIT $1;

-- name: projection_tables
-- All tables of projections.
SELECT table_name, name, version, state, position, as_of, updated_at FROM ledger.projections ORDER BY name, started_at;

-- name: projection_building
-- A table is being filled.
INSERT INTO ledger.projections (table_name, name, version, state, started_at, updated_at) VALUES ($1, $2, $3, 'building', $4, $4);

-- name: projection_retire
-- The live table of a projection makes place.
DELETE FROM ledger.projections WHERE name = $1 AND state = 'live';

-- name: projection_swap_patience
-- How long a swap waits for whoever reads the old table: all who come later wait behind it.
SET LOCAL lock_timeout = '2s';

-- name: projection_live
-- A filled table becomes the live one, at a position.
UPDATE ledger.projections SET state = 'live', position = $2, as_of = $3, updated_at = clock_timestamp() WHERE table_name = $1;

-- name: projection_forget
-- A table that is gone.
DELETE FROM ledger.projections WHERE table_name = $1;

-- name: rebuild_serial
-- The number of a new table: higher than any that exists.
SELECT coalesce(max(substring(table_name FROM '_(\d+)$')::bigint), 0) + 1 FROM ledger.projections;

-- name: runner_unstall_projection
-- A rebuilt projection starts with what its rebuild could not digest, not with what stalled before.
DELETE FROM ledger.stalled_streams WHERE projection = $1;

-- name: runner_tallies
-- The tallies that aggregate findings are judged on, summed over persons.
SELECT tally, stream, day, sum(n)::bigint AS n, max(until) AS until FROM view.tallies GROUP BY tally, stream, day;

-- name: runner_feeds
-- The control totals that sources reported.
SELECT source, period, type, n, last_sequence, position, day FROM view.feeds ORDER BY position, type;

-- name: runner_alone
-- Whether this session is now the one runner of the database.
SELECT pg_try_advisory_lock($1);
