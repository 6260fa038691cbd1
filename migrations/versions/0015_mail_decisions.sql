-- Mails that a person decides about, mails whose handling was cut off, and files that pages send. Frozen: a later
-- change is a later revision.

ALTER TABLE received_mail
    ADD COLUMN envelope_sender TEXT,
    ADD COLUMN brought_by TEXT DEFAULT 'casepath' NOT NULL,
    ADD COLUMN tries INTEGER DEFAULT 0 NOT NULL,
    ADD COLUMN next_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    ADD COLUMN decided_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN decided_by TEXT,
    ADD COLUMN decided_by_name TEXT,
    ADD COLUMN decided_why TEXT,
    DROP CONSTRAINT ck_received_mail_state,
    ADD CONSTRAINT ck_received_mail_state
        CHECK (state IN ('received', 'opened', 'replied', 'noted', 'dropped', 'set_aside', 'dismissed'));
CREATE INDEX ix_received_mail_newest ON received_mail (desk_id, received_at, id);
CREATE INDEX ix_received_mail_state ON received_mail (desk_id, state, received_at, id);
CREATE INDEX ix_received_mail_nature ON received_mail (desk_id, nature, received_at, id);
CREATE INDEX ix_received_mail_unfinished ON received_mail (next_at) WHERE state = 'received';
COMMENT ON TABLE received_mail IS 'A mail that came in, whole: what it is (`nature`), what came of it (`state`), and why. `quoted` is the history that its writer''s program repeated. `tries` and `next_at` (the database''s time) are of one whose handling was cut off; `decided_by` is who took a mail up or dismissed it by hand.';

CREATE TABLE upload (
    desk_id INTEGER NOT NULL,
    id UUID NOT NULL,
    owner UUID NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 BYTEA NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT pk_upload PRIMARY KEY (desk_id, id)
);
CREATE INDEX ix_upload_owner ON upload (desk_id, owner);
CREATE INDEX ix_upload_added_at ON upload (added_at);
COMMENT ON TABLE upload IS 'A file that was sent by a page or by REST and belongs to no ticket yet: it becomes an attachment with the words that it is sent with, or is forgotten after two days. `owner` is the form or token that sent it.';

GRANT SELECT, INSERT, DELETE ON upload TO casepath_app;
