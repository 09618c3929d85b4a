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

-- name: reading_only_roles
-- The role of organisations that may publish under one alone: what a source is that did not publish lately.
SELECT org, min(role) AS role FROM view.authorities GROUP BY org HAVING count(DISTINCT role) = 1;

-- name: reading_views
-- Every live view, with the number of rows as PostgreSQL's statistics keep it.
SELECT p.name, p.version, p.position, p.as_of, p.updated_at, coalesce(s.n_live_tup, 0) AS rows
FROM ledger.projections p
LEFT JOIN pg_stat_user_tables s ON s.relid = to_regclass('view.' || quote_ident(p.table_name))
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
SELECT key, code, severity, clock, rule, position, since, case_key
FROM view.findings WHERE NOT restricted AND split_part(key, '/', 1) NOT IN ('persoon', 'signaal')
UNION ALL
SELECT key, code, severity, clock, rule, position, since, case_key
FROM view.aggregate_finding WHERE NOT restricted
ORDER BY code, since, key;

-- name: reading_exists
-- Whether the views that a question needs are there.
SELECT to_regclass($1) IS NOT NULL;

-- name: reading_positions
-- The positions of some streams together.
SELECT position FROM ledger.entries WHERE stream = ANY($1::text[]) ORDER BY position;

-- name: reading_examples
-- A few persons per thing that can be seen: for a sandbox, whose persons are made up. The choice is the same every time.
WITH persons AS (
    SELECT key, count(*) AS entries, count(DISTINCT stream) AS streams,
           bool_or(corrected) AS corrected, bool_or(retracted) AS retracted, count(*) FILTER (WHERE late) AS late
    FROM view.timeline WHERE key >= 'persoon/' AND key < 'persoon0'
    GROUP BY key
), reasons AS (
    SELECT p.key, p.entries, r.reason, r.rank, r.place
    FROM persons p CROSS JOIN LATERAL (VALUES
        ('c01', 1, (SELECT count(*) FROM view.clocks c WHERE c.key = p.key AND c.clock = 'C01' AND c.state LIKE 'breached%')),
        ('merged', 2, CASE WHEN p.streams > 1 THEN p.streams ELSE 0 END),
        ('corrected', 3, CASE WHEN p.corrected THEN p.entries ELSE 0 END),
        ('retracted', 4, CASE WHEN p.retracted THEN p.entries ELSE 0 END),
        ('late', 5, CASE WHEN p.late >= 2 THEN p.late ELSE 0 END),
        ('recognition', 6, (SELECT count(*) FROM view.cases c WHERE c.key = p.key)),
        ('high', 7, (SELECT count(*) FROM view.findings f WHERE f.key = p.key AND f.severity = 'high')),
        ('long', 8, p.entries)
    ) AS r (reason, rank, place)
    WHERE r.place > 0
), chosen AS (
    SELECT key, entries, reason, rank, row_number() OVER (PARTITION BY reason ORDER BY place DESC, entries DESC, key) AS number FROM reasons
)
SELECT key, entries, reason FROM chosen WHERE number <= 16 ORDER BY rank, number;

-- name: reading_refusals
-- A page of refusals, newest first, with filters that do nothing when null.
SELECT number, credential, source, event_id::text, type, stream, sequence, code, rule, pointer, message_nl, message_en, received_at,
       last_seen_at, times_seen, stamp, state, resubmitted_as, raw IS NULL AS erased
FROM ledger.refusals
WHERE ($1::bigint IS NULL OR number < $1)
  AND ($3::text IS NULL OR source = $3) AND ($4::text IS NULL OR code = $4) AND ($5::text IS NULL OR state = $5)
ORDER BY number DESC LIMIT $2;

-- name: reading_refusal_counts
-- Open refusals per source and reason, for the filters.
SELECT source, code, count(*) AS n FROM ledger.refusals WHERE state = 'open' GROUP BY source, code ORDER BY source, code;

-- name: reading_erasures
-- How often a person was erased: whatever is asked, their data is gone.
SELECT count(DISTINCT position) FROM ledger.erasures;

-- name: reading_role_refusals
-- Refusals for a role boundary per source and Brussels month, up to a moment.
SELECT source, date_trunc('month', stamp AT TIME ZONE 'Europe/Brussels')::date AS month, count(*) AS n
FROM ledger.refusals WHERE code = 'R14' AND source IS NOT NULL AND stamp <= $1
GROUP BY 1, 2 ORDER BY 1, 2;

-- name: reading_role_patterns
-- Live role patterns over many histories, with the stream that they stand on.
SELECT key, rule, since FROM view.aggregate_finding WHERE code = 'F27' ORDER BY key, rule, since;
