-- When a ticket was resolved, unless it was opened again since. What was resolved before this revision has no moment
-- here and is not counted. Frozen: a later change is a later revision.

ALTER TABLE ticket ADD COLUMN resolved_at TIMESTAMPTZ;
CREATE INDEX ix_ticket_resolved ON ticket (desk_id, category, resolved_at) WHERE resolved_at IS NOT NULL;

COMMENT ON TABLE ticket IS 'The customer''s matter. `resolved_at` until it is opened again.';
