-- A refusal that nobody will mend can be closed: its credential is revoked, say. It stays, sealed.
ALTER TABLE ledger.refusals DROP CONSTRAINT refusals_state_check;
ALTER TABLE ledger.refusals ADD CONSTRAINT refusals_state_check CHECK (state IN ('open', 'resubmitted', 'closed'));
COMMENT ON COLUMN ledger.refusals.state IS 'open; resubmitted, once mended and in the ledger; closed, when the operator decides that it will not be mended';
COMMENT ON COLUMN ledger.refusals.number IS 'Grows. Numbers are missing where the same refused bytes came again: a repeat takes a number and gives its row none';
