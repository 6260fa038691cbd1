-- The application's role. It owns nothing: what is evidence it can only add to, what was deployed too.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'casepath_app') THEN
        CREATE ROLE casepath_app NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- roles belong to the whole server, and another database was being made at the same moment
END $$;

DO $$
BEGIN
    IF NOT pg_has_role(current_user, 'casepath_app', 'SET') THEN
        EXECUTE format('GRANT casepath_app TO %I', current_user);
    END IF;
END $$;

GRANT SELECT, INSERT ON trail, command, blob, snapshot, snapshot_file, process_version TO casepath_app;
GRANT SELECT, INSERT, UPDATE (salt, value, erased_at) ON trail_value TO casepath_app;
GRANT SELECT, INSERT, UPDATE ON desk, ticket_counter, person, customer, api_token, invitation, instance, ticket, entry,
    task, timer, outbox, incident, desk_chain, test_clock TO casepath_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON session, draft, subscription TO casepath_app;
GRANT SELECT, INSERT ON replay_row TO casepath_app;
GRANT EXECUTE ON FUNCTION casepath_make_partitions(date, int) TO casepath_app;
GRANT SELECT ON alembic_version TO casepath_app;
