-- The ledger's own tables. Views of projections live in a schema of their own.

CREATE TABLE ledger.ledger (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    ledger_id   uuid NOT NULL,
    mode        text NOT NULL CHECK (mode IN ('ordinary', 'sandbox')),
    format      integer NOT NULL,
    key_check   bytea NOT NULL,
    created_at  timestamptz NOT NULL
);
COMMENT ON TABLE ledger.ledger IS 'What this ledger is: written once when it is founded. Without this row nothing is admitted.';
COMMENT ON COLUMN ledger.ledger.key_check IS 'A hash of the master key, so that a wrong key folder is noticed at the start';

CREATE TABLE ledger.sequencer (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch       bigint NOT NULL,
    position    bigint NOT NULL,
    admitted_at timestamptz,
    writer      text NOT NULL
);
COMMENT ON TABLE ledger.sequencer IS 'The head of the ledger and the only writer: every append checks the epoch with this row locked.';
COMMENT ON COLUMN ledger.sequencer.epoch IS 'Grows by one whenever a writer takes over; an older writer can write nothing more';
COMMENT ON COLUMN ledger.sequencer.position IS 'Position of the last entry; the next gets this plus one';
INSERT INTO ledger.sequencer (epoch, position, writer) VALUES (0, 0, 'nobody');

CREATE TABLE ledger.entries (
    position        bigint NOT NULL,
    version         integer NOT NULL,
    sequence        bigint NOT NULL,
    time            timestamptz NOT NULL,
    recorded_at     timestamptz NOT NULL,
    admitted_at     timestamptz NOT NULL,
    key_id          bigint,
    id              uuid NOT NULL,
    causation_id    uuid,
    correlation_id  uuid,
    stream          text NOT NULL COLLATE "C",
    type            text NOT NULL COLLATE "C",
    source          text NOT NULL COLLATE "C",
    role            text NOT NULL COLLATE "C",
    time_precision  text NOT NULL COLLATE "C",
    legal_basis     text COLLATE "C",
    digest          bytea NOT NULL,
    data            bytea NOT NULL,
    CONSTRAINT entries_position PRIMARY KEY (position),
    CONSTRAINT entries_stream_version UNIQUE (stream, version),
    CONSTRAINT entries_source_id UNIQUE (source, id)
);
COMMENT ON TABLE ledger.entries IS 'The ledger: one row per admitted event, positions 1, 2, 3 … without a gap. Rows are never changed or deleted.';
COMMENT ON COLUMN ledger.entries.version IS 'Place in its stream: 1, 2, 3 … without a gap';
COMMENT ON COLUMN ledger.entries.sequence IS 'Number of the event in its source, as the publisher counts';
COMMENT ON COLUMN ledger.entries.key_id IS 'The key that seals data; null when the stream is not sealed';
COMMENT ON COLUMN ledger.entries.digest IS 'Keyed hash of the content: tells an identical redelivery from another event under the same id';
COMMENT ON COLUMN ledger.entries.data IS 'Canonical JSON of the payload, sealed with AES-256-GCM when key_id is set';
-- Sealed bytes do not compress: do not try.
ALTER TABLE ledger.entries ALTER COLUMN data SET STORAGE EXTERNAL;
-- The few types that steer the ledger itself are found without reading it all. Name a new version of one here by migration.
CREATE INDEX entries_steering ON ledger.entries (type, position)
    WHERE type IN (
        'be.inburgering.identity.linked.v1', 'be.inburgering.event.corrected.v1', 'be.inburgering.event.retracted.v1',
        'be.inburgering.erasure.executed.v1', 'be.inburgering.publisher-authority.changed.v1'
    );

CREATE FUNCTION ledger.entries_are_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'entries are never changed or deleted';
END $$;
CREATE TRIGGER entries_are_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.entries_are_immutable();

CREATE TABLE ledger.stream_keys (
    key_id       bigint PRIMARY KEY,
    stream       text NOT NULL UNIQUE COLLATE "C",
    wrapped      bytea,
    destroyed_by bigint,
    CHECK ((wrapped IS NULL) = (destroyed_by IS NOT NULL))
);
COMMENT ON TABLE ledger.stream_keys IS 'The key of each sealed stream, wrapped by the master key. Destroying it makes the data unreadable for ever.';
COMMENT ON COLUMN ledger.stream_keys.destroyed_by IS 'Position of the erasure that destroyed the key';

CREATE TABLE ledger.identities (
    stream  text PRIMARY KEY COLLATE "C",
    sealed  bytea NOT NULL
);
COMMENT ON TABLE ledger.identities IS 'The INSZ behind a pseudonym, sealed with the key of the person''s stream. Nobody but the operator reads it.';

CREATE TABLE ledger.erasures (
    stream    text PRIMARY KEY COLLATE "C",
    position  bigint NOT NULL
);
COMMENT ON TABLE ledger.erasures IS 'Erased person streams, those merged with the erased one included, with the position of the erasure.';

CREATE TABLE ledger.refusals (
    number         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    content        bytea NOT NULL,
    credential     text NOT NULL,
    source         text COLLATE "C",
    event_id       uuid,
    type           text COLLATE "C",
    stream         text COLLATE "C",
    sequence       bigint,
    code           text NOT NULL COLLATE "C",
    rule           text COLLATE "C",
    pointer        text NOT NULL,
    message_nl     text NOT NULL,
    message_en     text NOT NULL,
    received_at    timestamptz NOT NULL,
    stamp          timestamptz NOT NULL,
    raw            bytea,
    state          text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resubmitted')),
    resubmitted_as bigint,
    times_seen     integer NOT NULL DEFAULT 1,
    last_seen_at   timestamptz NOT NULL
);
COMMENT ON TABLE ledger.refusals IS 'Refused submissions, kept sealed until they are mended and resubmitted. Nothing is deleted.';
COMMENT ON COLUMN ledger.refusals.content IS 'Keyed hash of the credential and the raw bytes: the same refused bytes again are counted, not kept twice';
COMMENT ON COLUMN ledger.refusals.source IS 'As claimed, when it has the form of a source; else null and only in the sealed original';
COMMENT ON COLUMN ledger.refusals.stream IS 'The stream it was meant for; insz/… for a number that was not turned into a pseudonym';
COMMENT ON COLUMN ledger.refusals.stamp IS 'The admitted_at it would have had';
COMMENT ON COLUMN ledger.refusals.raw IS 'The original, sealed with the refusal key; null once its person is erased';
CREATE UNIQUE INDEX refusals_content ON ledger.refusals (content) WHERE state = 'open';
CREATE INDEX refusals_source ON ledger.refusals (source, number);
CREATE INDEX refusals_code ON ledger.refusals (code, number);
CREATE INDEX refusals_stream ON ledger.refusals (stream) WHERE stream IS NOT NULL AND raw IS NOT NULL;

CREATE TABLE ledger.source_totals (
    source   text NOT NULL COLLATE "C",
    outcome  text NOT NULL COLLATE "C" CHECK (outcome IN ('admitted', 'duplicate', 'refused')),
    code     text NOT NULL DEFAULT '' COLLATE "C",
    n        bigint NOT NULL,
    PRIMARY KEY (source, outcome, code)
) WITH (fillfactor = 50);
COMMENT ON TABLE ledger.source_totals IS 'How often each outcome was answered to each source, counted in the transaction that decided it.';
COMMENT ON COLUMN ledger.source_totals.source IS 'The source, or token:<credential> where the submission could not prove its source';

CREATE TABLE ledger.publishers (
    name            text PRIMARY KEY,
    right_held      text NOT NULL CHECK (right_held IN ('publisher', 'operator', 'auditor')),
    org             text,
    role            text,
    authority       text,
    token_hash      bytea NOT NULL UNIQUE,
    previous_hash   bytea UNIQUE,
    previous_until  timestamptz,
    created_at      timestamptz NOT NULL,
    rotated_at      timestamptz,
    revoked_at      timestamptz,
    CHECK ((right_held = 'publisher') = (org IS NOT NULL AND role IS NOT NULL))
);
COMMENT ON TABLE ledger.publishers IS 'Credentials: a hash of each token and what it may do. Revoked ones stay, so that a name is never given twice.';

CREATE TABLE ledger.projections (
    table_name  text PRIMARY KEY,
    name        text NOT NULL,
    version     integer NOT NULL,
    state       text NOT NULL CHECK (state IN ('building', 'live', 'old')),
    position    bigint NOT NULL DEFAULT 0,
    as_of       date,
    started_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);
COMMENT ON TABLE ledger.projections IS 'The tables of each projection with the position they stand at; a rebuild fills one beside the live one and swaps.';
CREATE UNIQUE INDEX projections_live ON ledger.projections (name) WHERE state = 'live';

CREATE TABLE ledger.stalled_streams (
    projection  text NOT NULL,
    stream      text NOT NULL COLLATE "C",
    position    bigint NOT NULL,
    reason      text NOT NULL,
    since       timestamptz NOT NULL,
    tried_at    timestamptz NOT NULL,
    attempts    integer NOT NULL DEFAULT 1,
    PRIMARY KEY (projection, stream)
);
COMMENT ON TABLE ledger.stalled_streams IS 'Streams that a projection could not digest: they stand still, visibly, and are tried again.';
