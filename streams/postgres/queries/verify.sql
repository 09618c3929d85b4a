-- name: verify_versions
-- A page of the streams in name order with their versions, after one of them.
SELECT stream, version, position FROM ledger.entries
WHERE (stream, version) > ($1::text COLLATE "C", $2::integer) AND position <= $3 ORDER BY stream, version LIMIT $4;

-- name: verify_twice
-- The first event that stands in the ledger twice.
SELECT min(position) AS first, max(position) AS last FROM ledger.entries
WHERE position <= $1 GROUP BY source, id HAVING count(*) > 1 ORDER BY max(position) LIMIT 1;

-- name: verify_later
-- Entries by source that came after a position.
SELECT source, count(*) AS n FROM ledger.entries WHERE position > $1 GROUP BY source;

-- name: verify_refused
-- How often a submission was refused, by what was answered and by what is kept.
SELECT (SELECT coalesce(sum(n), 0)::bigint FROM ledger.source_totals WHERE outcome = 'refused') AS told,
       (SELECT coalesce(sum(times_seen), 0)::bigint FROM ledger.refusals) AS kept;

-- name: verify_refusals
-- A page of refused originals, with the entry that a mended one says it became.
SELECT r.number, r.content, r.credential, r.raw, r.resubmitted_as, e.position AS found
FROM ledger.refusals r
LEFT JOIN ledger.entries e ON e.position = r.resubmitted_as AND (r.source IS NULL OR e.source = r.source)
WHERE r.number > $1 ORDER BY r.number LIMIT $2;

-- name: verify_erasures
-- The first thing that an erasure left behind, or that is gone without one.
WITH executed AS (
    SELECT position, stream FROM ledger.entries WHERE type = 'be.inburgering.erasure.executed.v1' AND position <= $1
), wrong AS (
    SELECT e.position, 'ledger.erasures' AS place, e.stream || ' was erased by entry ' || e.position || ' and is not among the erased' AS what
    FROM executed e WHERE NOT EXISTS (SELECT FROM ledger.erasures a WHERE a.stream = e.stream)
    UNION ALL
    SELECT a.position, 'ledger.erasures', a.stream || ' is among the erased, and no entry erased anybody at ' || a.position
    FROM ledger.erasures a WHERE a.position <= $1 AND NOT EXISTS (SELECT FROM executed e WHERE e.position = a.position)
    UNION ALL
    SELECT a.position, 'ledger.stream_keys', 'the key of ' || a.stream || ', which was erased, is still there'
    FROM ledger.erasures a JOIN ledger.stream_keys k ON k.stream = a.stream WHERE k.wrapped IS NOT NULL AND a.position <= $1
    UNION ALL
    SELECT k.destroyed_by, 'ledger.stream_keys', 'the key of ' || k.stream || ' was destroyed, and no erasure says so'
    FROM ledger.stream_keys k
    WHERE k.wrapped IS NULL AND NOT EXISTS (SELECT FROM ledger.erasures a WHERE a.stream = k.stream)
    UNION ALL
    SELECT a.position, 'ledger.identities', 'the number of ' || a.stream || ', which was erased, is still there'
    FROM ledger.erasures a JOIN ledger.identities i ON i.stream = a.stream
    UNION ALL
    SELECT a.position, 'ledger.refusals', 'refusal ' || r.number || ' keeps an original of ' || a.stream || ', which was erased'
    FROM ledger.erasures a JOIN ledger.refusals r ON r.stream = a.stream WHERE r.raw IS NOT NULL
    UNION ALL
    SELECT e.position, 'ledger.entries', 'entry ' || e.position || ' was put on ' || e.stream || ' after its erasure at ' || a.position
    FROM ledger.erasures a JOIN ledger.entries e ON e.stream = a.stream AND e.position > a.position WHERE e.position <= $1
)
SELECT position, place, what FROM wrong ORDER BY position NULLS LAST, place, what LIMIT 1;

-- name: verify_nodes
-- Some nodes of the tree.
SELECT n.level, n.index, n.hash
FROM ledger.tree_nodes n JOIN unnest($1::smallint[], $2::bigint[]) AS wanted (level, index) ON n.level = wanted.level AND n.index = wanted.index;

-- name: verify_beyond
-- A node that spans entries that are not there.
SELECT level, index FROM ledger.tree_nodes
WHERE (index + 1) << level::integer > (SELECT position FROM ledger.sequencer) ORDER BY level, index LIMIT 1;

-- name: verify_checkpoints
-- A page of all checkpoints from a size on, published or not.
SELECT size, origin, root, note, signed_at FROM ledger.checkpoints WHERE size >= $1 ORDER BY size LIMIT $2;

-- name: verify_cosignatures
-- Every cosignature with the note that it stands under.
SELECT c.size, c.note, s.line FROM ledger.checkpoints c JOIN ledger.cosignatures s ON s.size = c.size ORDER BY c.size;

-- name: verify_views_rest
-- Whether all live views stand at the position that they are said to stand at: no partition is beyond it, and no worker has something left to do.
SELECT NOT EXISTS (
        SELECT FROM view.checkpoint c JOIN ledger.projections p ON p.table_name = c.table_name
        WHERE p.state = 'live' AND c.position > r.position
    ) AND NOT (
        EXISTS (SELECT FROM view.worker w WHERE w.seen_at > clock_timestamp() - interval '15 seconds') AND EXISTS (SELECT FROM view.pending)
    )
FROM view.runner r;
