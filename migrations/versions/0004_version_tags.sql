-- The tag that a process version carries, by which a call activity may choose it, and the pack of a task's form where
-- a process of another version was called. Frozen: a later change is a later revision.

ALTER TABLE process_version ADD COLUMN tag TEXT;
CREATE INDEX ix_process_version_tag ON process_version (desk_id, key, tag) WHERE tag IS NOT NULL;

ALTER TABLE task ADD COLUMN snapshot_id UUID;
