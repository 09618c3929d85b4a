-- Releases of closed quarters, and the schema that analysts see: published cells only, every column described.

CREATE SCHEMA analysis;
COMMENT ON SCHEMA analysis IS 'Figures that may be published: releases of closed quarters, small numbers hidden. Nothing in it is about one person.';

CREATE TABLE analysis.release (
    release      text PRIMARY KEY,
    quarter      text NOT NULL,
    revision     integer NOT NULL,
    why          text NOT NULL CHECK (why IN ('closing', 'revision', 'yearly')),
    position     bigint NOT NULL,
    as_of        date NOT NULL,
    cut_on       date NOT NULL,
    published_at timestamptz NOT NULL,
    erased       bigint NOT NULL,
    digest       text NOT NULL,
    UNIQUE (quarter, revision)
);
COMMENT ON TABLE analysis.release IS 'The releases: the figures of a closed quarter, fixed for good. The newest revision of a quarter is the one to use.';
COMMENT ON COLUMN analysis.release.release IS 'Its name: quarter and revision, as in 2025-Q4.r0';
COMMENT ON COLUMN analysis.release.quarter IS 'The quarter that was closed';
COMMENT ON COLUMN analysis.release.revision IS '0 for the closing, then 1, 2, 3 …';
COMMENT ON COLUMN analysis.release.why IS 'closing: the quarter closed; revision: later entries moved its figures; yearly: the yearly closing, with everything that waited';
COMMENT ON COLUMN analysis.release.position IS 'N: the last position of the ledger that counts';
COMMENT ON COLUMN analysis.release.as_of IS 'D: the last day of the quarter';
COMMENT ON COLUMN analysis.release.cut_on IS 'The day at whose start the position was taken: the closing day for r0 and the yearly closing, else the day it was made';
COMMENT ON COLUMN analysis.release.published_at IS 'When it was made';
COMMENT ON COLUMN analysis.release.erased IS 'Persons erased from the ledger at that moment: in no figure';
COMMENT ON COLUMN analysis.release.digest IS 'SHA-256 over its cells as they were written: the same position and definitions give the same digest';

CREATE TABLE analysis.figure (
    release text NOT NULL REFERENCES analysis.release,
    indicator text NOT NULL,
    version bigint NOT NULL,
    definition text NOT NULL,
    position bigint NOT NULL,
    as_of date NOT NULL,
    dimension_1 text,
    value_1 text,
    dimension_2 text,
    value_2 text,
    unit text NOT NULL,
    numerator bigint,
    denominator bigint,
    value double precision,
    low double precision,
    high double precision,
    p25 bigint,
    p75 bigint,
    p90 bigint,
    naive double precision,
    immature bigint,
    left_scope bigint,
    neutral bigint,
    unknown bigint,
    coverage double precision,
    coverage_state text,
    hidden boolean NOT NULL,
    erased bigint NOT NULL
);
COMMENT ON TABLE analysis.figure IS 'Every published cell of every release: small numbers hidden, the same as on the pages.';
COMMENT ON COLUMN analysis.figure.release IS 'The release that it stands in';
COMMENT ON COLUMN analysis.figure.indicator IS 'Id of the indicator, IND-01 to IND-43';
COMMENT ON COLUMN analysis.figure.version IS 'Version of its definition; two versions are never joined in one series';
COMMENT ON COLUMN analysis.figure.definition IS 'Hash of its definition: SHA-256 of the catalogue''s words and choices, first 16 hex digits';
COMMENT ON COLUMN analysis.figure.position IS 'N: the last position of the ledger that counts';
COMMENT ON COLUMN analysis.figure.as_of IS 'D: the last day that counts';
COMMENT ON COLUMN analysis.figure.dimension_1 IS 'First dimension that the indicator is split by; empty in the total';
COMMENT ON COLUMN analysis.figure.value_1 IS 'Value of the first dimension';
COMMENT ON COLUMN analysis.figure.dimension_2 IS 'Second dimension';
COMMENT ON COLUMN analysis.figure.value_2 IS 'Value of the second dimension';
COMMENT ON COLUMN analysis.figure.unit IS 'Unit of value, low and high: share, days, cents or per_10000';
COMMENT ON COLUMN analysis.figure.numerator IS 'Above the line; empty when hidden';
COMMENT ON COLUMN analysis.figure.denominator IS 'Below the line; empty when hidden';
COMMENT ON COLUMN analysis.figure.value IS 'The figure; empty when hidden, or when there is nothing below the line';
COMMENT ON COLUMN analysis.figure.low IS 'Lower limit of the 95 % interval';
COMMENT ON COLUMN analysis.figure.high IS 'Upper limit of the 95 % interval';
COMMENT ON COLUMN analysis.figure.p25 IS 'Days at which a quarter has reached the event; times only';
COMMENT ON COLUMN analysis.figure.p75 IS 'Days at which three quarters have reached it; times only';
COMMENT ON COLUMN analysis.figure.p90 IS 'Days at which nine of ten have reached it; times only';
COMMENT ON COLUMN analysis.figure.naive IS 'Median of closed cases only: biased, to be compared and not to be used';
COMMENT ON COLUMN analysis.figure.immature IS 'Units whose horizon has not passed on D: not below the line';
COMMENT ON COLUMN analysis.figure.left_scope IS 'Units that left (death, departure) before their horizon: not below the line';
COMMENT ON COLUMN analysis.figure.neutral IS 'Units that ended for a reason that counts for nobody: not below the line';
COMMENT ON COLUMN analysis.figure.unknown IS 'Units whose outcome cannot be told: not below the line';
COMMENT ON COLUMN analysis.figure.coverage IS 'Share of the units on which a service should report that it reported on';
COMMENT ON COLUMN analysis.figure.coverage_state IS 'ok, flagged (under 80 %) or withheld (under 50 %); empty where feedback does not matter';
COMMENT ON COLUMN analysis.figure.hidden IS 'Whether the cell is hidden, as a small number or to protect one';
COMMENT ON COLUMN analysis.figure.erased IS 'Persons erased from the ledger: in no figure';

CREATE INDEX figure_of_release ON analysis.figure (release, indicator);

CREATE TABLE analysis.definition (
    indicator text NOT NULL,
    version bigint NOT NULL,
    definition text NOT NULL,
    theme_nl text NOT NULL,
    theme_en text NOT NULL,
    title_nl text NOT NULL,
    title_en text NOT NULL,
    meaning_nl text NOT NULL,
    meaning_en text NOT NULL,
    numerator_nl text NOT NULL,
    numerator_en text NOT NULL,
    denominator_nl text NOT NULL,
    denominator_en text NOT NULL,
    method text NOT NULL,
    unit text NOT NULL,
    base_nl text NOT NULL,
    base_en text NOT NULL,
    horizon bigint,
    decisions text NOT NULL,
    sources text NOT NULL,
    caveat_nl text,
    caveat_en text,
    PRIMARY KEY (indicator, definition)
);
COMMENT ON TABLE analysis.definition IS 'What each indicator means, for every definition that a release was made with.';
COMMENT ON COLUMN analysis.definition.indicator IS 'Id of the indicator';
COMMENT ON COLUMN analysis.definition.version IS 'Version of the definition';
COMMENT ON COLUMN analysis.definition.definition IS 'Hash of the definition, as in the cells';
COMMENT ON COLUMN analysis.definition.theme_nl IS 'Theme, in Dutch';
COMMENT ON COLUMN analysis.definition.theme_en IS 'Theme, in English';
COMMENT ON COLUMN analysis.definition.title_nl IS 'Title, in Dutch';
COMMENT ON COLUMN analysis.definition.title_en IS 'Title, in English';
COMMENT ON COLUMN analysis.definition.meaning_nl IS 'Definition in words, in Dutch';
COMMENT ON COLUMN analysis.definition.meaning_en IS 'Definition in words, in English';
COMMENT ON COLUMN analysis.definition.numerator_nl IS 'What stands above the line, in Dutch';
COMMENT ON COLUMN analysis.definition.numerator_en IS 'What stands above the line, in English';
COMMENT ON COLUMN analysis.definition.denominator_nl IS 'What stands below the line, in Dutch';
COMMENT ON COLUMN analysis.definition.denominator_en IS 'What stands below the line, in English';
COMMENT ON COLUMN analysis.definition.method IS 'share, ratio, time or rate';
COMMENT ON COLUMN analysis.definition.unit IS 'Unit of the value';
COMMENT ON COLUMN analysis.definition.base_nl IS 'What its cohort or period is read from, in Dutch';
COMMENT ON COLUMN analysis.definition.base_en IS 'What its cohort or period is read from, in English';
COMMENT ON COLUMN analysis.definition.horizon IS 'Days that a unit must have behind it to be counted';
COMMENT ON COLUMN analysis.definition.decisions IS 'The questions of the evaluation that it informs: Q1 regulation, Q2 agreements, Q3 choices';
COMMENT ON COLUMN analysis.definition.sources IS 'Statements of the policy note that it answers';
COMMENT ON COLUMN analysis.definition.caveat_nl IS 'What must stand beside it, in Dutch';
COMMENT ON COLUMN analysis.definition.caveat_en IS 'What must stand beside it, in English';

CREATE TABLE analysis.value (
    dimension text NOT NULL,
    dimension_nl text NOT NULL,
    dimension_en text NOT NULL,
    value text NOT NULL,
    value_nl text NOT NULL,
    value_en text NOT NULL,
    PRIMARY KEY (dimension, value)
);
COMMENT ON TABLE analysis.value IS 'The values of the dimensions in words.';
COMMENT ON COLUMN analysis.value.dimension IS 'Code of the dimension, as in the cells';
COMMENT ON COLUMN analysis.value.dimension_nl IS 'The dimension in Dutch';
COMMENT ON COLUMN analysis.value.dimension_en IS 'The dimension in English';
COMMENT ON COLUMN analysis.value.value IS 'Value, as in the cells';
COMMENT ON COLUMN analysis.value.value_nl IS 'The value in Dutch';
COMMENT ON COLUMN analysis.value.value_en IS 'The value in English';

CREATE TABLE analysis.revision (
    release         text NOT NULL REFERENCES analysis.release,
    indicator       text NOT NULL,
    dimension_1     text,
    value_1         text,
    dimension_2     text,
    value_2         text,
    old_numerator   bigint,
    old_denominator bigint,
    old_value       double precision,
    new_numerator   bigint,
    new_denominator bigint,
    new_value       double precision
);
COMMENT ON TABLE analysis.revision IS 'What a release changed in the one before it, cell by cell.';
COMMENT ON COLUMN analysis.revision.release IS 'The newer release';
COMMENT ON COLUMN analysis.revision.indicator IS 'Id of the indicator';
COMMENT ON COLUMN analysis.revision.dimension_1 IS 'First dimension';
COMMENT ON COLUMN analysis.revision.value_1 IS 'Value of the first dimension';
COMMENT ON COLUMN analysis.revision.dimension_2 IS 'Second dimension';
COMMENT ON COLUMN analysis.revision.value_2 IS 'Value of the second dimension';
COMMENT ON COLUMN analysis.revision.old_numerator IS 'Above the line before; empty when hidden';
COMMENT ON COLUMN analysis.revision.old_denominator IS 'Below the line before; empty when hidden';
COMMENT ON COLUMN analysis.revision.old_value IS 'The figure before; empty when hidden';
COMMENT ON COLUMN analysis.revision.new_numerator IS 'Above the line now; empty when hidden';
COMMENT ON COLUMN analysis.revision.new_denominator IS 'Below the line now; empty when hidden';
COMMENT ON COLUMN analysis.revision.new_value IS 'The figure now; empty when hidden';
CREATE INDEX revision_of_release ON analysis.revision (release, indicator);

CREATE TABLE analysis.cause (
    release text NOT NULL REFERENCES analysis.release,
    type    text NOT NULL,
    entries bigint,
    PRIMARY KEY (release, type)
);
COMMENT ON TABLE analysis.cause IS 'What came in between a release and the one before it about days that it covers, by type of event.';
COMMENT ON COLUMN analysis.cause.release IS 'The newer release';
COMMENT ON COLUMN analysis.cause.type IS 'Type of event; erasure.executed: persons were erased';
COMMENT ON COLUMN analysis.cause.entries IS 'How many; empty when fewer than five';

CREATE TABLE ledger.release_exact (
    release text PRIMARY KEY REFERENCES analysis.release,
    cells   bytea NOT NULL
);
COMMENT ON TABLE ledger.release_exact IS 'The exact cells that a release was made from: to decide whether a next one may appear. Not for showing.';
COMMENT ON COLUMN ledger.release_exact.cells IS 'Cells as JSON, zlib';

CREATE TABLE ledger.release_waiting (
    quarter    text PRIMARY KEY,
    position   bigint NOT NULL,
    indicators text[] NOT NULL
);
COMMENT ON TABLE ledger.release_waiting IS 'Revisions that wait because a difference would be a small number.';

-- Roles are shared by all databases of a server, and whoever runs this may lack the right to make them: then an administrator does.
DO $$
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ledger_analyst') THEN
            CREATE ROLE ledger_analyst NOLOGIN;
        END IF;
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ledger_auditor') THEN
            CREATE ROLE ledger_auditor NOLOGIN;
        END IF;
    EXCEPTION
        WHEN duplicate_object OR unique_violation THEN NULL;
        WHEN insufficient_privilege THEN RAISE NOTICE 'the roles ledger_analyst and ledger_auditor were not made: no right to make roles';
    END;
END $$;

CREATE PROCEDURE ledger.grant_reading() LANGUAGE plpgsql AS $$
DECLARE
    readable text;
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ledger_analyst') THEN
        GRANT USAGE ON SCHEMA analysis TO ledger_analyst;
        GRANT SELECT ON ALL TABLES IN SCHEMA analysis TO ledger_analyst;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ledger_auditor') THEN
        GRANT USAGE ON SCHEMA analysis, ledger TO ledger_auditor;
        GRANT SELECT ON ALL TABLES IN SCHEMA analysis TO ledger_auditor;
        FOREACH readable IN ARRAY ARRAY['ledger', 'entries', 'erasures', 'source_totals', 'projections', 'consumed_offsets', 'relay',
                                        'tree_nodes', 'checkpoints', 'cosignatures', 'reads'] LOOP
            IF to_regclass('ledger.' || quote_ident(readable)) IS NOT NULL THEN
                EXECUTE format('GRANT SELECT ON ledger.%I TO ledger_auditor', readable);
            END IF;
        END LOOP;
    END IF;
END $$;
COMMENT ON PROCEDURE ledger.grant_reading() IS 'Gives the roles of analysts and auditors what they may read; called at each start. No key, no identity.';
