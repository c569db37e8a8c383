using Microsoft.Data.Sqlite;
using Puppylog.Tests.Storage.Embedded.Verification;

namespace Puppylog.Tests.Storage.Embedded.Repair;

/// <summary>A catalogue that SQLite finds in order, and that is wrong.</summary>
public sealed class CatalogDamageTests
{
    [Theory]
    [InlineData("DELETE FROM blocks WHERE commit_number = 1")]
    [InlineData("DELETE FROM blocks")]
    [InlineData("UPDATE blocks SET records = 1 WHERE commit_number = 2")]
    [InlineData("UPDATE blocks SET min_time = 5 WHERE commit_number = 14")]
    [InlineData("UPDATE blocks SET frame = frame + 8, body = body + 8 WHERE commit_number = 3")]
    [InlineData("UPDATE blocks SET length = 2000000000 WHERE commit_number = 4")]
    [InlineData("UPDATE blocks SET body = -5 WHERE commit_number = 4")]
    [InlineData("UPDATE blocks SET segment = 77 WHERE commit_number = 5")]
    [InlineData("UPDATE segments SET length = length - 10 WHERE id = 1")]
    [InlineData("UPDATE segments SET length = length - 10 WHERE state = 0")]
    [InlineData("UPDATE segments SET day = 1 WHERE id = 1")]
    [InlineData("DELETE FROM segments WHERE id = 1")]
    [InlineData("UPDATE store SET last_commit = 2")]
    [InlineData("UPDATE store SET id = 'nobody'")]
    [InlineData("UPDATE store SET id = 'b1f8bd0e-8d0f-4d0e-9d7e-3f6f0e3c2a11'")]
    [InlineData("DELETE FROM store")]
    [InlineData("UPDATE positions SET position = 3")]
    [InlineData("DELETE FROM positions")]
    [InlineData("DROP TABLE positions")]
    [InlineData("PRAGMA user_version = 0")]
    public async Task Wrong_catalogue_is_noticed_and_mended(string change)
    {
        using var store = await SampleStore.CreateAsync();
        var position = await store.PositionAsync();
        Execute(store.Catalog, change);

        Assert.False((await store.VerifyAsync()).IsClean);
        await store.SearchAsync();
        var report = await store.RepairAsync();

        Assert.True(report.After.IsClean, string.Join('\n', report.After.Damage));
        Assert.Equal(store.Sorted, await store.SearchAsync());
        Assert.Equal(position, await store.PositionAsync());
    }

    static void Execute(string file, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
