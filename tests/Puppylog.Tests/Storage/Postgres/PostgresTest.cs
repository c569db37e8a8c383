using System.Text;
using Puppylog.Query;
using Puppylog.Query.Execution;
using Puppylog.Records;
using Puppylog.Storage;
using Puppylog.Storage.Postgres;
using Puppylog.Storage.Postgres.Schema;
using Puppylog.Tests.Storage.Postgres.Servers;

namespace Puppylog.Tests.Storage.Postgres;

/// <summary>Tests with an empty, bootstrapped database each.</summary>
public abstract class PostgresTest(SharedPostgres postgres) : IAsyncLifetime
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected PostgresServer Server { get; private set; } = null!;

    protected string Address { get; private set; } = "";

    public virtual async ValueTask InitializeAsync()
    {
        Server = await postgres.ServerAsync();
        Address = await Server.CreateDatabaseAsync();
        await Bootstrap.RunAsync(Address, new BootstrapOptions(), Cancellation);
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    internal Task<PostgresStore> OpenAsync() => PostgresStore.OpenAsync(Address, TimeProvider.System, Cancellation);

    protected Task<string> SqlAsync(string sql) => Server.SqlAsync(Address, sql);

    /// <summary>Each row's fields as <c>name=value</c>, sorted, in the query's order.</summary>
    internal static async Task<List<string>> RowsAsync(ILogStore store, string query, params string[] fields)
    {
        var sink = new FieldSink(fields);
        await store.QueryAsync(QueryParser.Parse(query, 0), sink, Cancellation);
        return sink.Rows;
    }

    sealed class FieldSink(string[] fields) : IResultSink
    {
        public List<string> Rows { get; } = [];

        public bool Write(RecordView view, ReadOnlySpan<int> rows)
        {
            foreach (var row in rows)
            {
                var values = new List<string>();
                foreach (var name in fields.Length > 0 ? fields : view.FieldNames)
                {
                    if (view.Column(name) is { } column && column.IsPresent(row))
                    {
                        values.Add($"{name}={Encoding.UTF8.GetString(column.Value(row))}");
                    }
                }

                Rows.Add(string.Join(' ', values.Order(StringComparer.Ordinal)));
            }

            return true;
        }
    }
}
