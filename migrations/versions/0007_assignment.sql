-- Skills and availability of people, the skills that a task wants, why Casepath chose its assignee, and the jobs that
-- do so. Frozen: a later change is a later revision.

ALTER TABLE person
    ADD COLUMN skills TEXT[] DEFAULT '{}' NOT NULL,
    ADD COLUMN away BOOLEAN DEFAULT false NOT NULL,
    ADD COLUMN away_until TIMESTAMPTZ;

ALTER TABLE task
    ADD COLUMN skills TEXT[] DEFAULT '{}' NOT NULL,
    ADD COLUMN reason TEXT;
CREATE INDEX ix_task_taken ON task (desk_id, assignee, claimed_at) WHERE assignee IS NOT NULL;

ALTER TABLE outbox
    DROP CONSTRAINT ck_outbox_kind,
    ADD CONSTRAINT ck_outbox_kind CHECK (kind IN ('mail', 'service', 'message', 'signal', 'assignment'));
COMMENT ON TABLE person IS 'Somebody who works at a desk. Who is away until a moment is there again from then on.';
COMMENT ON TABLE task IS 'A user task waiting for a person. `reason` says why Casepath chose the assignee, or nobody.';
