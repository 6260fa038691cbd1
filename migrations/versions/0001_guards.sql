-- What a table alone can't say: the trail only grows, an erased value stays erased, months have partitions.

CREATE FUNCTION casepath_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Expected % to grow only, but % was asked for.', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION casepath_only_erases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.desk_id, NEW.chain, NEW.seq, NEW.name, NEW.recorded_at)
        IS DISTINCT FROM (OLD.desk_id, OLD.chain, OLD.seq, OLD.name, OLD.recorded_at)
        OR NEW.value IS NOT NULL OR NEW.salt IS NOT NULL THEN
        RAISE EXCEPTION 'Expected a value of the trail to be erased, but it was to be changed.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER trail_only_grows BEFORE UPDATE OR DELETE ON trail
    FOR EACH ROW EXECUTE FUNCTION casepath_only_grows();
CREATE TRIGGER trail_value_only_erases BEFORE UPDATE ON trail_value
    FOR EACH ROW EXECUTE FUNCTION casepath_only_erases();
CREATE TRIGGER trail_value_only_grows BEFORE DELETE ON trail_value
    FOR EACH ROW EXECUTE FUNCTION casepath_only_grows();
CREATE TRIGGER trail_is_not_emptied BEFORE TRUNCATE ON trail
    FOR EACH STATEMENT EXECUTE FUNCTION casepath_only_grows();
CREATE TRIGGER trail_value_is_not_emptied BEFORE TRUNCATE ON trail_value
    FOR EACH STATEMENT EXECUTE FUNCTION casepath_only_grows();

-- Makes the monthly partitions of the trail from one month to another. It runs with the owner's rights, so that
-- the application may ask for partitions without being able to do anything else to the trail. A month of which
-- rows already lie in the default partition stays there.
CREATE FUNCTION casepath_make_partitions(first_month date, months int) RETURNS int
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET lock_timeout = '5s' AS $$
DECLARE
    made int := 0;
    opens timestamptz;
    parent text;
    part text;
    taken boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('casepath partitions'));
    FOR ahead IN 0 .. months - 1 LOOP
        opens := (date_trunc('month', first_month) + make_interval(months => ahead)) AT TIME ZONE 'UTC';
        FOREACH parent IN ARRAY ARRAY['trail', 'trail_value'] LOOP
            part := parent || '_' || to_char(opens AT TIME ZONE 'UTC', 'YYYY_MM');
            CONTINUE WHEN to_regclass(part) IS NOT NULL;
            EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE recorded_at >= %L AND recorded_at < %L)',
                parent || '_default', opens, opens + interval '1 month') INTO taken;
            CONTINUE WHEN taken;
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', part, parent, opens,
                (opens AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC');
            EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT '
                'EXECUTE FUNCTION casepath_only_grows()', part || '_is_not_emptied', part);
            made := made + 1;
        END LOOP;
    END LOOP;
    RETURN made;
END $$;
REVOKE EXECUTE ON FUNCTION casepath_make_partitions(date, int) FROM PUBLIC;

CREATE TABLE trail_default PARTITION OF trail DEFAULT;
CREATE TABLE trail_value_default PARTITION OF trail_value DEFAULT;
CREATE TRIGGER trail_default_is_not_emptied BEFORE TRUNCATE ON trail_default
    FOR EACH STATEMENT EXECUTE FUNCTION casepath_only_grows();
CREATE TRIGGER trail_value_default_is_not_emptied BEFORE TRUNCATE ON trail_value_default
    FOR EACH STATEMENT EXECUTE FUNCTION casepath_only_grows();
