-- Settings that people change, for new tickets or for open ones too. Frozen: a later change is a later revision.

ALTER TABLE snapshot ADD COLUMN for_open BOOLEAN;
ALTER TABLE instance ADD COLUMN settings_id UUID;
