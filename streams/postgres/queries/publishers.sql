-- name: create_publisher
-- A new credential.
INSERT INTO ledger.publishers (name, right_held, org, role, authority, token_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING name, right_held, org, role, authority, created_at, rotated_at, previous_until, revoked_at;

-- name: rotate_publisher
-- A new token; the one before it stays valid until $4.
UPDATE ledger.publishers SET previous_hash = token_hash, previous_until = $4, token_hash = $2, rotated_at = $3
WHERE name = $1 AND revoked_at IS NULL
RETURNING name, right_held, org, role, authority, created_at, rotated_at, previous_until, revoked_at;

-- name: revoke_publisher
-- Refuse its tokens from now on.
UPDATE ledger.publishers SET revoked_at = $2, previous_hash = NULL, previous_until = NULL WHERE name = $1 AND revoked_at IS NULL
RETURNING name, right_held, org, role, authority, created_at, rotated_at, previous_until, revoked_at;

-- name: publishers
-- Every credential.
SELECT name, right_held, org, role, authority, created_at, rotated_at, previous_until, revoked_at FROM ledger.publishers ORDER BY name;

-- name: publisher_of_token
-- The credential that a token belongs to at a moment.
SELECT name, right_held, org, role, authority, created_at, rotated_at, previous_until, revoked_at FROM ledger.publishers
WHERE revoked_at IS NULL AND (token_hash = $1 OR (previous_hash = $1 AND previous_until > $2));
