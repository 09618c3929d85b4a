-- name: reading_persons
-- Persons with a key of their own; erased ones keep it as an empty shell.
SELECT count(*) FROM ledger.stream_keys WHERE stream >= 'persoon/' AND stream < 'persoon0' AND wrapped IS NOT NULL;

-- name: reading_open_refusals
-- Refusals that nobody mended yet.
SELECT count(*) FROM ledger.refusals WHERE state = 'open';

-- name: reading_recent
-- The last entries, without their data.
SELECT position, stream, type, source, role, time, admitted_at
FROM ledger.entries WHERE position > $1 ORDER BY position DESC LIMIT $2;

-- name: reading_roles
-- The role under which each source published lately.
SELECT DISTINCT ON (source) source, role
FROM (SELECT source, role, position FROM ledger.entries ORDER BY position DESC LIMIT 20000) AS lately
ORDER BY source, position DESC;

-- name: reading_views
-- Every live view, with the size that PostgreSQL estimates.
SELECT p.name, p.version, p.position, p.as_of, p.updated_at, greatest(coalesce(c.reltuples, 0), 0)::bigint AS rows
FROM ledger.projections p
LEFT JOIN pg_class c ON c.oid = to_regclass('view.' || quote_ident(p.table_name))
WHERE p.state = 'live'
ORDER BY p.name;

-- name: reading_runner
-- Where all live views stand.
SELECT position, as_of, advanced_at FROM view.runner;

-- name: reading_stalled
-- Streams that a projection cannot digest, the oldest first.
SELECT projection, stream, position, reason, since, tried_at, attempts
FROM ledger.stalled_streams ORDER BY since, projection, stream LIMIT $1;

-- name: reading_stalled_counts
-- How many streams each projection cannot digest.
SELECT projection, count(*) AS n FROM ledger.stalled_streams GROUP BY projection;

-- name: reading_sources
-- The quality state of all sources.
SELECT source, state FROM view.source_state ORDER BY source;

-- name: reading_flows
-- Live events per month, type and region.
SELECT to_char(day, 'YYYY-MM') AS month, type, region, sum(n)::bigint AS n
FROM view.flows GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- name: reading_findings
-- Live findings that stand on no person and are not restricted: those of single streams and those of counts over many.
SELECT key, code, severity, clock, rule, position, since, "case"
FROM view.findings WHERE NOT restricted AND split_part(key, '/', 1) NOT IN ('persoon', 'signaal')
UNION ALL
SELECT key, code, severity, clock, rule, position, since, "case"
FROM view.aggregate_finding WHERE NOT restricted
ORDER BY code, since, key;

-- name: reading_exists
-- Whether the views that a question needs are there.
SELECT to_regclass($1) IS NOT NULL;
