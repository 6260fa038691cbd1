-- What tickets are to each other. Frozen: a later change is a later revision.

CREATE TABLE ticket_link (
    desk_id INTEGER NOT NULL,
    ticket_number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    other_number INTEGER NOT NULL,
    linked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_ticket_link PRIMARY KEY (desk_id, ticket_number, kind, other_number),
    CONSTRAINT ck_ticket_link_kind CHECK (kind IN ('follows', 'duplicate_of', 'caused_by')),
    CONSTRAINT ck_ticket_link_other CHECK (ticket_number <> other_number)
);
CREATE INDEX ix_ticket_link_other ON ticket_link (desk_id, other_number);
COMMENT ON TABLE ticket_link IS 'One ticket follows another one of its desk, is a duplicate of it, or is caused by it.';

GRANT SELECT, INSERT ON ticket_link TO casepath_app;
