-- name: move_offsets
-- Move the offsets of partitions, each only from where the ledger last stood (null: it was never read). Answers how many moved.
WITH moved AS (
    SELECT * FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[]) AS m (topic, partition, start, next_offset)
), made AS (
    INSERT INTO ledger.consumed_offsets (topic, partition, next_offset)
    SELECT m.topic, m.partition, m.next_offset FROM moved m WHERE m.start IS NULL
    ON CONFLICT DO NOTHING RETURNING 1
), advanced AS (
    UPDATE ledger.consumed_offsets o SET next_offset = m.next_offset, reread = false
    FROM moved m WHERE o.topic = m.topic AND o.partition = m.partition AND o.next_offset = m.start RETURNING 1
)
SELECT (SELECT count(*) FROM made) + (SELECT count(*) FROM advanced);

-- name: owe_verdicts
-- Keep verdicts until Kafka acknowledges them.
INSERT INTO ledger.undelivered (topic, partition, deliveries)
SELECT o.topic, o.partition, o.deliveries FROM unnest($1::text[], $2::integer[], $3::bytea[]) AS o (topic, partition, deliveries);

-- name: consumed_offsets
-- The next record of every partition that was read.
SELECT topic, partition, next_offset FROM ledger.consumed_offsets;

-- name: places
-- Where the ledger stands in every partition that it read, and whether it is to begin anew there.
SELECT topic, partition, next_offset, reread FROM ledger.consumed_offsets;

-- name: reread
-- Begin a partition anew; verdicts that stand before $3 in the verdict topic are not on what is read from then on.
UPDATE ledger.consumed_offsets SET reread = true, told_after = $3 WHERE topic = $1 AND partition = $2;

-- name: submission_topics
-- The ids of the submission topics that are read.
SELECT topic, topic_id FROM ledger.submission_topics;

-- name: note_topics
-- Note the ids of topics that are read for the first time.
INSERT INTO ledger.submission_topics (topic, topic_id) SELECT * FROM unnest($1::text[], $2::uuid[]) ON CONFLICT DO NOTHING;

-- name: renote_topic
-- From now on this is the topic of that name; null: whichever it is when it is looked at next.
WITH gone AS (
    DELETE FROM ledger.submission_topics WHERE topic = $1 AND $2::uuid IS NULL
)
INSERT INTO ledger.submission_topics (topic, topic_id) SELECT $1, $2::uuid WHERE $2 IS NOT NULL
ON CONFLICT (topic) DO UPDATE SET topic_id = excluded.topic_id;

-- name: told_after
-- From where the verdict topics hold verdicts on the submission topics as they are now, by submission topic.
SELECT topic, partition, told_after FROM ledger.consumed_offsets WHERE told_after > 0;

-- name: undelivered
-- A page of verdicts that are still owed, in the order in which they were decided, but for those of some topics.
SELECT number, topic, partition, deliveries FROM ledger.undelivered WHERE topic <> ALL($1::text[]) ORDER BY number LIMIT $2;

-- name: owed_verdicts
-- How many verdicts are owed for each partition: from the first that is, to where the ledger read. Offsets leap seldom.
SELECT o.topic, o.partition, greatest(c.next_offset - (convert_from(u.deliveries, 'UTF8')::jsonb -> 0 ->> 'offset')::bigint, 1) AS owed
FROM (SELECT topic, partition, min(number) AS number FROM ledger.undelivered GROUP BY topic, partition) o
JOIN ledger.undelivered u ON u.number = o.number
JOIN ledger.consumed_offsets c ON c.topic = o.topic AND c.partition = o.partition;

-- name: delivered
-- These were acknowledged.
DELETE FROM ledger.undelivered WHERE number = ANY($1::bigint[]);

-- name: relay_mark
-- Up to where every entry is known to stand on which cluster.
SELECT cluster_id, position FROM ledger.relay;

-- name: mark_relayed
-- Every entry up to $2 stands on cluster $1.
INSERT INTO ledger.relay (cluster_id, position) VALUES ($1, $2)
ON CONFLICT (only_row) DO UPDATE SET cluster_id = excluded.cluster_id, position = excluded.position;

-- name: ledger_is_empty
-- Whether nothing was admitted yet; the row stays locked, so that nothing is while this transaction lasts.
SELECT position = 0 FROM ledger.sequencer FOR UPDATE;

-- name: restore_head
-- The head of a ledger that was restored. A new epoch: whoever wrote before writes nothing more.
UPDATE ledger.sequencer SET epoch = epoch + 1, position = $1, admitted_at = $2, writer = 'restore';

-- name: recount_admitted
-- Count what was admitted from the entries themselves: a backup may be older than the last of them.
INSERT INTO ledger.source_totals (source, outcome, code, n)
SELECT source, 'admitted', '', count(*) FROM ledger.entries GROUP BY source
ON CONFLICT (source, outcome, code) DO UPDATE SET n = excluded.n;

-- name: unreadable
-- How many entries and streams are sealed with a key that is not there at all.
SELECT count(*) AS entries, count(DISTINCT e.stream) AS streams
FROM ledger.entries e WHERE e.key_id IS NOT NULL AND NOT EXISTS (SELECT FROM ledger.stream_keys k WHERE k.key_id = e.key_id);

-- name: read_whole
-- A page of entries in position order with all that is stored of them, as the relay sends them and the digest is made of.
SELECT position, version, sequence, time, recorded_at, admitted_at, key_id, id::text, causation_id::text, correlation_id::text,
       stream, type, source, role, time_precision, legal_basis, digest, data, commitment
FROM ledger.entries WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3;
