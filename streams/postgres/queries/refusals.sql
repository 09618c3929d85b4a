-- name: refusals
-- A page of refusals after a number, with filters that do nothing when null.
SELECT number, credential, source, event_id::text, type, stream, sequence, code, rule, pointer, message_nl, message_en, received_at,
       last_seen_at, times_seen, stamp, state, resubmitted_as, raw IS NULL AS erased
FROM ledger.refusals
WHERE number > $1
  AND ($3::text IS NULL OR source = $3) AND ($4::text IS NULL OR code = $4)
  AND ($5::timestamptz IS NULL OR received_at >= $5) AND ($6::text IS NULL OR state = $6)
  AND ($7::text IS NULL OR credential = $7)
ORDER BY number LIMIT $2;

-- name: count_refusals
-- How many refusals there are in a state (any when null).
SELECT count(*) FROM ledger.refusals WHERE $1::text IS NULL OR state = $1;

-- name: refusal
-- One refusal with its sealed original.
SELECT number, credential, source, event_id::text, type, stream, sequence, code, rule, pointer, message_nl, message_en, received_at,
       last_seen_at, times_seen, stamp, state, resubmitted_as, raw IS NULL AS erased, content, raw
FROM ledger.refusals WHERE number = $1;

-- name: settle_refusal
-- A refusal was mended and stands in the ledger.
UPDATE ledger.refusals SET state = 'resubmitted', resubmitted_as = $2 WHERE number = $1 AND state = 'open';

-- name: close_refusal
-- A refusal will not be mended: it no longer waits.
UPDATE ledger.refusals SET state = 'closed' WHERE number = $1 AND state = 'open'
RETURNING number, credential, source, event_id::text, type, stream, sequence, code, rule, pointer, message_nl, message_en, received_at,
          last_seen_at, times_seen, stamp, state, resubmitted_as, raw IS NULL AS erased;

-- name: refusals_of_streams
-- Refused events that were meant for some streams, oldest first.
SELECT number, credential, source, event_id::text, type, stream, sequence, code, rule, pointer, message_nl, message_en, received_at,
       last_seen_at, times_seen, stamp, state, resubmitted_as, raw IS NULL AS erased
FROM ledger.refusals WHERE stream = ANY($1::text[]) ORDER BY number;
