-- Where an incident's element stands, what is tried again there, and what became of the incident; and a way to walk
-- through the open instances in small parts. Frozen: a later change is a later revision.

ALTER TABLE incident
    ADD COLUMN scope TEXT DEFAULT '' NOT NULL,
    ADD COLUMN phase TEXT,
    ADD COLUMN how TEXT;

CREATE INDEX ix_instance_open ON instance (desk_id, id) WHERE ended_at IS NULL AND timeline = 'live';
