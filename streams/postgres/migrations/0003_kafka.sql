-- What the ledger keeps of its Kafka side: how far it read, whom it still owes an answer, how far it relayed.

CREATE TABLE ledger.consumed_offsets (
    topic        text NOT NULL COLLATE "C",
    partition    integer NOT NULL,
    next_offset  bigint NOT NULL,
    PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);
COMMENT ON TABLE ledger.consumed_offsets IS 'The next record of each submission partition, moved in the transaction that writes what became of the records before it.';

CREATE TABLE ledger.undelivered (
    number       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic        text NOT NULL COLLATE "C",
    partition    integer NOT NULL,
    deliveries   bytea NOT NULL
);
COMMENT ON TABLE ledger.undelivered IS 'Verdicts that were decided and are not yet acknowledged by Kafka, a row per stretch; deleted when they are.';
COMMENT ON COLUMN ledger.undelivered.topic IS 'The topic of the submissions';
COMMENT ON COLUMN ledger.undelivered.deliveries IS 'JSON: a list of the offset of each submission with its verdict';
ALTER TABLE ledger.undelivered ALTER COLUMN deliveries SET STORAGE EXTERNAL;

CREATE TABLE ledger.relay (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    cluster_id  text NOT NULL,
    position    bigint NOT NULL
);
COMMENT ON TABLE ledger.relay IS 'Up to where every entry is known to stand on Kafka, and on which cluster. What lies beyond is asked of the topics themselves.';
