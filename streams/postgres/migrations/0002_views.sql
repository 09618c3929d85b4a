-- What the projection runner keeps beside the views themselves. The tables of the views are made from their row Structs.

CREATE SCHEMA view;
COMMENT ON SCHEMA view IS 'Views of projections: each name is an SQL view on the live table <name>_<version>_<serial>.';

-- Policy, offers, editions and publishers are the surroundings of every fold: found without reading the persons.
CREATE INDEX entries_surroundings ON ledger.entries (position)
    WHERE split_part(stream, '/', 1) IN ('editie', 'aanbod', 'beleid', 'bron');

CREATE TABLE view.runner (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    position    bigint NOT NULL,
    as_of       date,
    version     integer NOT NULL,
    advanced_at timestamptz
);
COMMENT ON TABLE view.runner IS 'How far every live view has come: saved in the transaction that writes the rows.';
COMMENT ON COLUMN view.runner.version IS 'Version of the folding rules; another one in the code rebuilds everything';
INSERT INTO view.runner (position, version) VALUES (0, 0);

CREATE TABLE view.dependency (
    key     text NOT NULL COLLATE "C",
    stream  text NOT NULL COLLATE "C"
);
COMMENT ON TABLE view.dependency IS 'Which other streams the rows of a key depend on: an entry there folds the key anew.';
CREATE INDEX dependency_key ON view.dependency (key);
CREATE INDEX dependency_stream ON view.dependency (stream);

CREATE TABLE view.due (
    key  text PRIMARY KEY COLLATE "C",
    day  date NOT NULL
);
COMMENT ON TABLE view.due IS 'The first day on which the rows of a key change without a new event: a deadline passes.';
CREATE INDEX due_day ON view.due (day);

CREATE TABLE view.source_state (
    source  text PRIMARY KEY COLLATE "C",
    state   jsonb NOT NULL
);
COMMENT ON TABLE view.source_state IS 'The quality of each source, folded from envelopes (ledger/quality.py).';

CREATE TABLE view.rebuild (
    number        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    projection    text NOT NULL,
    requested_at  timestamptz NOT NULL,
    started_at    timestamptz,
    finished_at   timestamptz,
    done          bigint NOT NULL DEFAULT 0,
    total         bigint NOT NULL DEFAULT 0,
    position      bigint,
    error         text
);
COMMENT ON TABLE view.rebuild IS 'Rebuilds that were asked for, how far they are and at which position they were swapped in.';
