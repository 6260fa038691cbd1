-- One running ticket for each key of a message that opens tickets, and open tickets by category. Frozen: a later
-- change is a later revision.

ALTER TABLE instance ADD COLUMN start_key TEXT;
CREATE UNIQUE INDEX uq_instance_start_key ON instance (desk_id, timeline, process, start_key)
    WHERE start_key IS NOT NULL AND ended_at IS NULL;

CREATE INDEX ix_ticket_unresolved ON ticket (desk_id, category, opened_at)
    WHERE closed_at IS NULL AND resolved_at IS NULL;
