-- Mail that came in, the message ids by which mails belong to tickets, and what was attached. Frozen: a later change
-- is a later revision.

CREATE TABLE received_mail (
    desk_id INTEGER NOT NULL,
    id UUID NOT NULL,
    message_id TEXT NOT NULL,
    sha256 BYTEA NOT NULL,
    size INTEGER NOT NULL,
    sender TEXT NOT NULL,
    sender_name TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    nature TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    found_by TEXT,
    quoted TEXT DEFAULT '' NOT NULL,
    left_out TEXT[] DEFAULT '{}' NOT NULL,
    ticket_number INTEGER,
    entry_id UUID,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT pk_received_mail PRIMARY KEY (desk_id, id),
    CONSTRAINT ck_received_mail_state CHECK (state IN ('received', 'opened', 'replied', 'noted', 'dropped', 'set_aside'))
);
CREATE INDEX ix_received_mail_ticket ON received_mail (desk_id, ticket_number);
CREATE INDEX ix_received_mail_sender ON received_mail (desk_id, sender, received_at);
COMMENT ON TABLE received_mail IS 'A mail that came in, whole: what it is (`nature`), what came of it (`state`), and why. `quoted` is the history that its writer''s program repeated.';

CREATE TABLE mail_reference (
    desk_id INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    ticket_number INTEGER NOT NULL,
    direction TEXT NOT NULL,
    CONSTRAINT pk_mail_reference PRIMARY KEY (desk_id, message_id, ticket_number),
    CONSTRAINT ck_mail_reference_direction CHECK (direction IN ('sent', 'received'))
);
COMMENT ON TABLE mail_reference IS 'The message ids of mails that were sent or received for a ticket, by which answers find it.';

CREATE TABLE attachment (
    desk_id INTEGER NOT NULL,
    id UUID NOT NULL,
    mail_id UUID,
    ticket_number INTEGER,
    entry_id UUID,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 BYTEA NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT pk_attachment PRIMARY KEY (desk_id, id)
);
CREATE INDEX ix_attachment_ticket ON attachment (desk_id, ticket_number);
CREATE INDEX ix_attachment_mail ON attachment (desk_id, mail_id);
COMMENT ON TABLE attachment IS 'A file of a ticket: of an entry, or of what it was opened with where there is no entry. It belongs to a ticket from the moment at which a step says so.';

GRANT SELECT, INSERT, UPDATE ON received_mail, attachment TO casepath_app;
GRANT SELECT, INSERT ON mail_reference TO casepath_app;
