-- name: releases
-- Every release, newest quarter first, with the number of its cells and of what it changed.
SELECT r.release, r.quarter, r.revision, r.why, r.position, r.as_of, r.cut_on, r.published_at, r.erased, r.digest,
       (SELECT count(*) FROM analysis.figure f WHERE f.release = r.release) AS cells,
       (SELECT count(*) FROM analysis.figure f WHERE f.release = r.release AND f.hidden) AS hidden,
       (SELECT count(*) FROM analysis.revision v WHERE v.release = r.release) AS changed
FROM analysis.release r ORDER BY r.quarter DESC, r.revision DESC;

-- name: release_cells
-- The cells of a release, of one indicator or of all.
SELECT indicator, version, definition, position, as_of, dimension_1, value_1, dimension_2, value_2, unit, numerator, denominator, value,
       low, high, p25, p75, p90, naive, immature, left_scope, neutral, unknown, coverage, coverage_state, hidden, erased
FROM analysis.figure WHERE release = $1 AND ($2::text IS NULL OR indicator = $2)
ORDER BY indicator, dimension_1 NULLS FIRST, dimension_2 NULLS FIRST, value_1, value_2;

-- name: release_changes
-- What a release changed in the one before it.
SELECT indicator, dimension_1, value_1, dimension_2, value_2,
       old_numerator, old_denominator, old_value, new_numerator, new_denominator, new_value
FROM analysis.revision WHERE release = $1 AND ($2::text IS NULL OR indicator = $2)
ORDER BY indicator, dimension_1 NULLS FIRST, dimension_2 NULLS FIRST, value_1, value_2;

-- name: release_causes
-- What came in between a release and the one before it.
SELECT type, entries FROM analysis.cause WHERE release = $1 ORDER BY entries DESC NULLS LAST, type;

-- name: release_waiting
-- Revisions that wait, by quarter.
SELECT quarter, position, indicators FROM ledger.release_waiting ORDER BY quarter;

-- name: release_exact
-- The exact cells of the newest release of a quarter, with what it stands at.
SELECT r.release, r.revision, r.position, r.cut_on, e.cells
FROM analysis.release r JOIN ledger.release_exact e USING (release)
WHERE r.quarter = $1 ORDER BY r.revision DESC LIMIT 1;

-- name: release_first
-- When the ledger admitted its first entry.
SELECT admitted_at FROM ledger.entries WHERE position = 1;

-- name: release_arrivals
-- Entries between two positions that tell of a day up to D, and those that change what is known of any day, by type.
SELECT type, count(*) AS entries FROM ledger.entries
WHERE position > $1 AND position <= $2
  AND ((time AT TIME ZONE 'Europe/Brussels')::date <= $3 OR type = ANY($4::text[]))
GROUP BY type ORDER BY type;

-- name: release_make
-- Enter a release; nothing is answered when somebody else made it meanwhile.
INSERT INTO analysis.release (release, quarter, revision, why, position, as_of, cut_on, published_at, erased, digest)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT DO NOTHING
RETURNING release;

-- name: release_keep
-- Keep what a release was made from.
INSERT INTO ledger.release_exact (release, cells) VALUES ($1, $2);

-- name: release_wait
-- Note that a revision waits.
INSERT INTO ledger.release_waiting (quarter, position, indicators) VALUES ($1, $2, $3)
ON CONFLICT (quarter) DO UPDATE SET position = excluded.position, indicators = excluded.indicators;

-- name: release_wait_over
-- Nothing of a quarter waits any more.
DELETE FROM ledger.release_waiting WHERE quarter = $1;

-- name: release_define
-- Keep a definition; what is known stays.
INSERT INTO analysis.definition (indicator, version, definition, theme_nl, theme_en, title_nl, title_en, meaning_nl, meaning_en,
    numerator_nl, numerator_en, denominator_nl, denominator_en, method, unit, base_nl, base_en, horizon, decisions, sources, caveat_nl, caveat_en)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
ON CONFLICT (indicator, definition) DO NOTHING;

-- name: release_word
-- Keep the words for a value; the newest words count.
INSERT INTO analysis.value (dimension, dimension_nl, dimension_en, value, value_nl, value_en) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (dimension, value) DO UPDATE
SET dimension_nl = excluded.dimension_nl, dimension_en = excluded.dimension_en, value_nl = excluded.value_nl, value_en = excluded.value_en;

-- name: grant_reading
-- Give the roles of analysts and auditors what they may read.
CALL ledger.grant_reading();
