using Puppylog.Storage;
using Puppylog.Storage.Postgres.Asking;
using Puppylog.Storage.Postgres.Schema;
using Puppylog.Tests.Query.Execution;
using Puppylog.Tests.Storage.Postgres.Servers;

namespace Puppylog.Tests.Storage.Postgres;

public sealed class SqlQuestionTests(SharedPostgres postgres)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SELECT 1", true)]
    [InlineData("SELECT 1;", true)]
    [InlineData("SELECT 1; -- done\n /* a /* b */ ; */ ", true)]
    [InlineData("SELECT ';' || \"a;b\" || $$;$$ || $x$;$$;$x$ -- ;", true)]
    [InlineData("SELECT 'it''s; fine', E'\\';'", true)]
    [InlineData("SELECT 'a\\'", true)]
    [InlineData("SELECT a$b FROM t WHERE c = $1", true)]
    [InlineData("", true)]
    [InlineData("SELECT 1; SELECT 2", false)]
    [InlineData("COMMIT; DELETE FROM logs", false)]
    [InlineData("SELECT 1;;", false)]
    [InlineData("SELECT 'a\\'; DELETE FROM logs --'", false)]
    [InlineData("SELECT 1 /* ; */; DROP TABLE logs", false)]
    [InlineData("SELECT $$a$$; DROP TABLE logs", false)]
    [InlineData("SELECT a$$; DROP TABLE logs; --$$", false)]
    public void One_statement_is_told_from_several(string sql, bool isOne) => Assert.Equal(isOne, SingleStatement.Is(sql));

    [Fact]
    public async Task Rows_come_as_the_server_writes_them()
    {
        var address = await (await postgres.ServerAsync()).CreateDatabaseAsync();
        var rows = await RowsAsync(address, "SELECT n, n * 0.5 AS half, NULL AS nothing, 'x y' AS n, '{\"a\": [1]}'::jsonb AS json FROM generate_series(1, 2500) n ORDER BY 1");
        Assert.Equal(2500, rows.Count);
        Assert.All(["n=1", "half=0.5", "n_2=x y", "json={\"a\": [1]}"], part => Assert.Contains(part, rows[0], StringComparison.Ordinal));
        Assert.DoesNotContain("nothing", rows[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE FROM logs", "'puppylog sql' only reads")]
    [InlineData("WITH gone AS (DELETE FROM logs RETURNING 1) SELECT * FROM gone", "'puppylog sql' only reads")]
    [InlineData("CREATE TABLE x (a int)", "'puppylog sql' only reads")]
    [InlineData("SELECT nextval('log_batches')", "'puppylog sql' only reads")]
    [InlineData("SELECT 1; DELETE FROM logs", "more than one statement")]
    [InlineData("SELECT\n  nonsense FROM logs", "column \"nonsense\" does not exist (line 2, column 3)")]
    [InlineData("SELEC 1", "syntax error at or near \"SELEC\" (line 1, column 1)")]
    [InlineData("SELECT 1/0", "division by zero")]
    public async Task What_writes_or_is_wrong_is_refused(string sql, string says)
    {
        var server = await postgres.ServerAsync();
        var address = await server.CreateDatabaseAsync();
        await Bootstrap.RunAsync(address, new BootstrapOptions(), Cancellation);
        await server.SqlAsync(address, "INSERT INTO logs (time, application_name, environment_name, log_event, trace_id, file_path, host_ip, data) VALUES (now(), '', '', '', '', '', '', null)");
        var refused = await Assert.ThrowsAsync<LogStoreException>(() => RowsAsync(address, sql));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Equal("1", (await server.SqlAsync(address, "SELECT count(*) FROM logs")).Trim());
    }

    static async Task<List<string>> RowsAsync(string address, string sql)
    {
        var sink = new TestRecords.ListSink();
        await SqlQuestion.RunAsync(address, sql, sink, Cancellation);
        return sink.Rows;
    }
}
