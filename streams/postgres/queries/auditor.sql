-- name: auditor_find
-- Where events with this id stand, whichever source sent them.
SELECT position FROM ledger.entries
WHERE source = ANY(SELECT source FROM ledger.source_totals WHERE outcome = 'admitted') AND id = $1 ORDER BY position;
