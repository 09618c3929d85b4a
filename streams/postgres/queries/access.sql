-- name: reads_lock
-- Records are chained one after the other, by whatever process.
SELECT pg_advisory_xact_lock($1);

-- name: reads_last
-- The record that the next one is chained to, and where the ledger stands.
SELECT coalesce(r.number, 0) AS number, r.hash, r.read_at, s.position
FROM ledger.sequencer s LEFT JOIN LATERAL (SELECT number, hash, read_at FROM ledger.reads ORDER BY number DESC LIMIT 1) AS r ON true;

-- name: record_reads
-- Write records of reads; they are never changed.
INSERT INTO ledger.reads (number, read_at, position, kind, channel, reader, right_held, purpose, stream, asked, outcome, why, times, hash)
SELECT n.number, n.read_at, n.position, n.kind, n.channel, n.reader, n.right_held, n.purpose, n.stream, n.asked, n.outcome, n.why, n.times, n.hash
FROM unnest(
    $1::bigint[], $2::timestamptz[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
    $11::text[], $12::text[], $13::integer[], $14::bytea[]
) AS n (number, read_at, position, kind, channel, reader, right_held, purpose, stream, asked, outcome, why, times, hash);

-- name: reads_after
-- A page of records after a number, with filters that do nothing when null.
SELECT number, read_at, position, kind, channel, reader, right_held, purpose, stream, asked, outcome, why, times, hash
FROM ledger.reads
WHERE number > $1 AND ($3::text[] IS NULL OR stream = ANY($3)) AND ($4::text IS NULL OR reader = $4) AND ($5::text IS NULL OR outcome = $5)
ORDER BY number LIMIT $2;

-- name: reads_before
-- A page of records, newest first, with filters that do nothing when null.
SELECT number, read_at, position, kind, channel, reader, right_held, purpose, stream, asked, outcome, why, times, hash
FROM ledger.reads
WHERE ($1::bigint IS NULL OR number < $1)
  AND ($3::text[] IS NULL OR stream = ANY($3)) AND ($4::text IS NULL OR reader = $4) AND ($5::text IS NULL OR outcome = $5)
ORDER BY number DESC LIMIT $2;
