-- Reading is an event too: who opened whose data, for what. Chained by hashes (ledger/access.py), so that a change shows.
CREATE TABLE ledger.reads (
    number      bigint PRIMARY KEY,
    read_at     timestamptz NOT NULL,
    position    bigint NOT NULL,
    kind        text NOT NULL,
    channel     text NOT NULL CHECK (channel IN ('page', 'api', 'command')),
    reader      text NOT NULL,
    right_held  text,
    purpose     text,
    stream      text COLLATE "C",
    asked       text NOT NULL,
    outcome     text NOT NULL CHECK (outcome IN ('granted', 'refused')),
    why         text,
    times       integer NOT NULL CHECK (times > 0),
    hash        bytea NOT NULL,
    CHECK ((outcome = 'refused') = (why IS NOT NULL)),
    CHECK (outcome = 'refused' OR purpose IS NOT NULL)
);
COMMENT ON TABLE ledger.reads IS 'Every opening of a person''s data, granted or refused, written before the answer went out. Rows are never changed or deleted.';
COMMENT ON COLUMN ledger.reads.position IS 'Where the ledger stood';
COMMENT ON COLUMN ledger.reads.stream IS 'The person''s stream; null when it was not about one person';
COMMENT ON COLUMN ledger.reads.asked IS 'The question: as-of date, positions, figure. Never what names a person';
COMMENT ON COLUMN ledger.reads.times IS 'How many reads it stands for: refused ones without a token that come fast are counted together';
COMMENT ON COLUMN ledger.reads.hash IS 'SHA-256 over the hash of the row before and this row''s own content';
CREATE INDEX reads_stream ON ledger.reads (stream, number) WHERE stream IS NOT NULL;

CREATE FUNCTION ledger.reads_are_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'records of reads are never changed or deleted';
END $$;
CREATE TRIGGER reads_are_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.reads
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.reads_are_immutable();
