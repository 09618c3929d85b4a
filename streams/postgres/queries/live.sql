-- Following the views: which of their rows are newer than what was read before.

-- name: live_snapshot
-- The oldest transaction that was not over when this snapshot was taken: rows of it and of later ones may be new next time.
SELECT (pg_snapshot_xmin(pg_current_snapshot())::text::bigint % 4294967296)::text;

-- name: live_changed
-- How many rows a table of a projection has, and the keys of those written since a transaction ("view.changed" stands for the table).
SELECT count(*) AS n, array_agg(DISTINCT key) FILTER (WHERE age(xmin) <= age($1::text::xid)) AS keys FROM view.changed;
