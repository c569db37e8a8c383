namespace Puppylog.Storage.Postgres.Schema;

/// <summary>The schema, version by version. Why it is so: docs/decisions/0031 and docs/postgres.md.</summary>
static class SchemaSteps
{
    /// <summary>The channel on which commits are told, each by its number.</summary>
    public const string Channel = "puppylog_commits";

    /// <summary>The advisory lock under which commits take their numbers, so that numbers grow in the order in which commits become visible.</summary>
    public const long CommitLock = 0x70757070_79636F6D;

    /// <summary>The advisory lock of who changes tables: migrations and the making of days.</summary>
    public const long SchemaLock = 0x70757070_79646461;

    /// <summary>The setting that tells the trigger that rows come from a store that tells its commits itself.</summary>
    public const string WriterSetting = "puppylog.writer";

    /// <summary>Rows that a batch may have: a batch's number and a row's place share <c>seq</c>.</summary>
    public const int PlaceBits = 16;

    const string Logs = """
        CREATE TABLE logs (
            time             timestamptz NOT NULL,
            application_name text NOT NULL DEFAULT '',
            environment_name text NOT NULL DEFAULT '',
            log_event        text NOT NULL DEFAULT '',
            trace_id         text NOT NULL DEFAULT '',
            file_path        text NOT NULL DEFAULT '',
            host_ip          text NOT NULL DEFAULT '',
            data             jsonb,
            level            text,
            message          text,
            span_id          text,
            host             text,
            ident            text,
            user_name        text,
            method           text,
            route            text,
            path             text,
            section          text,
            protocol         text,
            status           integer,
            bytes            bigint,
            referrer         text,
            user_agent       text,
            duration         double precision,
            raw              bytea,
            stream_id        integer,
            nanos            smallint NOT NULL DEFAULT 0,
            seq              bigint NOT NULL DEFAULT (nextval('log_batches') << 16),
            xact             xid8 DEFAULT pg_current_xact_id()
        )
        """;

    const string Before = """
        CREATE SEQUENCE log_batches;
        CREATE SEQUENCE log_commit_numbers;

        CREATE TABLE log_commits (
            number    bigint PRIMARY KEY,
            token     uuid UNIQUE,
            xact      xid8,
            records   bigint NOT NULL,
            batches   bigint[],
            min_time  timestamptz,
            max_time  timestamptz,
            at        timestamptz NOT NULL DEFAULT now()
        );

        CREATE TABLE log_keys (
            key       bytea PRIMARY KEY,
            number    bigint NOT NULL,
            records   bigint NOT NULL,
            at        timestamptz NOT NULL DEFAULT now()
        );

        CREATE TABLE log_positions (
            source             text NOT NULL,
            generation         bigint NOT NULL,
            position           bigint NOT NULL,
            line               bigint NOT NULL,
            path               text NOT NULL,
            fingerprint_length integer NOT NULL,
            fingerprint        bigint NOT NULL,
            at                 timestamptz NOT NULL DEFAULT now()
        );
        CREATE UNIQUE INDEX log_positions_source ON log_positions (md5(source));

        CREATE TABLE log_streams (
            id       integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            stream   text NOT NULL,
            first_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE UNIQUE INDEX log_streams_stream ON log_streams (md5(stream));

        CREATE TABLE log_groups (
            name  text PRIMARY KEY,
            match text NOT NULL,
            at    timestamptz NOT NULL DEFAULT now()
        );

        """;

    /// <summary>
    /// Rows of others take their commit's number when their transaction commits, by a deferred trigger on one row for each
    /// transaction: no lock is held while they are being written.
    /// </summary>
    const string After = """
        CREATE INDEX logs_time ON logs (time);
        CREATE INDEX logs_application ON logs (application_name, time) WHERE application_name <> '';
        CREATE INDEX logs_trace ON logs USING hash (trace_id) WHERE trace_id <> '';
        CREATE INDEX logs_seq ON logs USING brin (seq) WITH (pages_per_range = 32);
        CREATE INDEX logs_foreign ON logs (xact) WHERE xact IS NOT NULL;

        CREATE TABLE log_transactions (
            xact xid8 PRIMARY KEY,
            at   timestamptz NOT NULL DEFAULT now()
        );

        CREATE FUNCTION puppylog_inserted() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
        BEGIN
            IF current_setting('puppylog.writer', true) = 'on' THEN
                RETURN NULL;
            END IF;
            INSERT INTO log_transactions (xact) VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
            RETURN NULL;
        END $$;

        CREATE FUNCTION puppylog_committing() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
        DECLARE
            number bigint;
        BEGIN
            PERFORM pg_advisory_xact_lock(8103506732898283373);
            number := nextval('log_commit_numbers');
            INSERT INTO log_commits (number, xact, records) VALUES (number, new.xact, 0);
            DELETE FROM log_transactions WHERE xact = new.xact;
            PERFORM pg_notify('puppylog_commits', number::text);
            RETURN NULL;
        END $$;

        CREATE TRIGGER puppylog_inserted AFTER INSERT ON logs FOR EACH STATEMENT EXECUTE FUNCTION puppylog_inserted();
        CREATE CONSTRAINT TRIGGER puppylog_committing AFTER INSERT ON log_transactions
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION puppylog_committing();
        """;

    public static IReadOnlyList<SchemaStep> All { get; } =
    [
        new(
            1,
            $"{Before}{Logs} PARTITION BY RANGE (time);\nCREATE TABLE logs_default PARTITION OF logs DEFAULT;\n{After}",
            $"{Before}{Logs};\nSELECT create_hypertable('logs', 'time', chunk_time_interval => interval '1 day', create_default_indexes => false);\n{After}"),
    ];

    public static int Latest => All[^1].Version;
}
