-- name: migration_lock
-- Two ledgers that start at once migrate one after the other; held until the session ends.
SELECT pg_advisory_lock($1);

-- name: migration_schema
-- The ledger's own schema.
CREATE SCHEMA IF NOT EXISTS ledger;

-- name: migration_table
-- Which steps were applied.
CREATE TABLE IF NOT EXISTS ledger.migration (
    number integer PRIMARY KEY, name text NOT NULL, checksum bytea NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
);

-- name: migrations
-- The applied steps, in order.
SELECT number, name, checksum FROM ledger.migration ORDER BY number;

-- name: migrated
-- A step was applied.
INSERT INTO ledger.migration (number, name, checksum) VALUES ($1, $2, $3);
