-- 数据库账号：服务以 huajie 账号运行，对案卷只能追加和读取。
-- Database roles: the services run as `huajie`, which can only add to the logs and read them.
--
-- As the owner of the database, and again after an upgrade:
--   1. make the logs:  python -m shared.store "postgresql://owner@…/huajie"
--   2. grant:          psql "postgresql://owner@…/huajie" -v ON_ERROR_STOP=1 --single-transaction -f roles.sql
--   3. once, give the role a password (\password huajie), and run the services with HUAJIE_DSN=postgresql://huajie@…/huajie
--
-- PostgreSQL 14 or newer. Can be run any number of times. `./huajie restored` renames the logs, which the services may not: after a
-- restore, run it with the owner's DSN as HUAJIE_DSN.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'huajie') THEN
        CREATE ROLE huajie LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
    END IF;
END
$$;

-- The logs (案卷): one schema for each service that speaks. No right to UPDATE, DELETE or TRUNCATE an event, to choose its
-- position, or to set the counter of positions back.
DO $$
DECLARE
    service text;
BEGIN
    FOREACH service IN ARRAY ARRAY['intake', 'casework', 'supervision'] LOOP
        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM huajie', service);
        EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA %I FROM huajie', service);
        EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM huajie', service);
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO huajie', service);
        EXECUTE format('GRANT SELECT ON %I.stored_events TO huajie', service);
        EXECUTE format(
            'GRANT INSERT (originator_id, originator_version, topic, state) ON %I.stored_events TO huajie', service);
        EXECUTE format('GRANT USAGE ON SEQUENCE %I.stored_events_notification_id_seq TO huajie', service);
        -- Beside the events: how far we have heard, what is parked, what is due, the books of units. All of it follows from the logs.
        EXECUTE format(
            'GRANT SELECT, INSERT, UPDATE, DELETE ON %1$I.heard, %1$I.parked, %1$I.due, %1$I.book TO huajie', service);
        EXECUTE format('GRANT SELECT, INSERT ON %I.meta TO huajie', service);
    END LOOP;
END
$$;

-- What the services make and remake themselves: the vault of petitioners, and the tables of reports.
DO $$
BEGIN
    EXECUTE 'CREATE SCHEMA IF NOT EXISTS huajie';
    EXECUTE 'GRANT USAGE, CREATE ON SCHEMA huajie TO huajie';
    EXECUTE format('ALTER ROLE huajie IN DATABASE %I SET search_path = huajie', current_database());
END
$$;
