-- A publisher's topic that was deleted and made anew is read from its beginning when the operator says so.

ALTER TABLE ledger.consumed_offsets ADD COLUMN reread boolean NOT NULL DEFAULT false, ADD COLUMN told_after bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN ledger.consumed_offsets.reread IS 'The next record is the first that the topic holds, whatever next_offset says; until it was read';
COMMENT ON COLUMN ledger.consumed_offsets.told_after IS 'Records of the verdict topic before this offset are verdicts on an older topic of the same name';
