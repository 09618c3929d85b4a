-- What workers keep: how far each table is in each partition, what is left to others, and who works.

CREATE TABLE view.checkpoint (
    topic        text NOT NULL COLLATE "C",
    partition    integer NOT NULL,
    table_name   text NOT NULL REFERENCES ledger.projections (table_name) ON DELETE CASCADE,
    cluster_id   text NOT NULL,
    next_offset  bigint NOT NULL,
    position     bigint NOT NULL,
    end_offset   bigint,
    turns        bigint NOT NULL DEFAULT 0,
    worker       text NOT NULL,
    updated_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (topic, partition, table_name)
) WITH (fillfactor = 50);
COMMENT ON TABLE view.checkpoint IS 'How far a view''s table is in a partition of the entries, moved in the transaction that writes its rows; whoever holds the row may write rows of the keys of that partition.';
COMMENT ON COLUMN view.checkpoint.position IS 'Every entry of the partition up to here is in the rows';
COMMENT ON COLUMN view.checkpoint.end_offset IS 'Where the partition ended when its worker last looked';
COMMENT ON COLUMN view.checkpoint.turns IS 'Transactions that wrote rows since the table was made';
COMMENT ON COLUMN view.checkpoint.worker IS 'Who has the partition, or moved it last';

CREATE TABLE view.pending (
    number    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shard     integer NOT NULL,
    stream    text NOT NULL COLLATE "C",
    tables    text[] NOT NULL,
    position  bigint NOT NULL
);
COMMENT ON TABLE view.pending IS 'Streams that must be folded by whoever holds their partition: something elsewhere changed their rows.';
COMMENT ON COLUMN view.pending.shard IS 'The partition of the stream';
COMMENT ON COLUMN view.pending.tables IS 'Tables in which that was not done yet';
COMMENT ON COLUMN view.pending.position IS 'The views are not at this position before it is done';
CREATE INDEX pending_shard ON view.pending (shard, number);

CREATE TABLE view.worker (
    name         text PRIMARY KEY COLLATE "C",
    projections  text[] NOT NULL,
    started_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE view.worker IS 'Workers that are alive: each says so every few seconds.';

CREATE TABLE view.steward (
    only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    holder     text NOT NULL,
    until      timestamptz NOT NULL,
    position   bigint NOT NULL,
    aggregated_position  bigint NOT NULL DEFAULT 0,
    aggregated_turns     bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE view.steward IS 'Which worker does what belongs to no partition, and until when unless it says so again.';
COMMENT ON COLUMN view.steward.position IS 'What depends on shared streams was marked as pending up to here';
COMMENT ON COLUMN view.steward.aggregated_position IS 'The position of the views when the findings over many streams were made';
COMMENT ON COLUMN view.steward.aggregated_turns IS 'All turns of all checkpoints then: more since, and they are to be made again';
INSERT INTO view.steward (holder, until, position) VALUES ('', '-infinity', 0);

-- Workers add to what a key depends on and never take away: whoever is behind may need it still.
DROP INDEX view.dependency_key;
CREATE UNIQUE INDEX dependency_once ON view.dependency (key, stream);
