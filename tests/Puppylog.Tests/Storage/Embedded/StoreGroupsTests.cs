using Microsoft.Data.Sqlite;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.Tests.Storage.Embedded;

public sealed class StoreGroupsTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("puppylog-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Groups_are_kept_beside_a_writer_and_after_it()
    {
        await using (await EmbeddedStore.OpenWriterAsync(_directory, TimeProvider.System, CancellationToken.None))
        {
            StoreGroups.Set(_directory, new("shop", "{a=\"1\"}", IsConfigured: false, 5));
            StoreGroups.Set(_directory, new("shop", "{a=\"2\"}", IsConfigured: false, 6));
            Assert.Equal([new("shop", "{a=\"2\"}", false, 6)], StoreGroups.List(_directory));
        }

        Assert.Equal("{a=\"2\"}", StoreGroups.Finder(_directory)("shop"));
        Assert.Null(StoreGroups.Finder(_directory)("shops"));
        Assert.True(StoreGroups.Delete(_directory, "shop"));
        Assert.False(StoreGroups.Delete(_directory, "shop"));
        Assert.Empty(StoreGroups.List(_directory));
    }

    [Fact]
    public async Task Configured_groups_are_set_at_once_and_changed_nowhere_else()
    {
        await using var store = await EmbeddedStore.OpenWriterAsync(_directory, TimeProvider.System, CancellationToken.None);
        StoreGroups.Set(_directory, new("own", "{}", false, 1));
        StoreGroups.Configure(_directory, [new("a", "{}", true, 2), new("b", "{}", true, 2)]);
        StoreGroups.Configure(_directory, [new("b", "{x=\"1\"}", true, 3)]);
        Assert.Equal([new("b", "{x=\"1\"}", true, 3), new("own", "{}", false, 1)], StoreGroups.List(_directory));
        Assert.Contains("named in the configuration", Assert.Throws<LogStoreException>(() => StoreGroups.Set(_directory, new("b", "{}", false, 4))).Message, StringComparison.Ordinal);
        Assert.Throws<LogStoreException>(() => StoreGroups.Delete(_directory, "b"));
    }

    [Fact]
    public async Task Store_of_before_groups_has_none_and_gets_them_from_the_next_writer()
    {
        Assert.Empty(StoreGroups.List(_directory));
        await using (await EmbeddedStore.OpenWriterAsync(_directory, TimeProvider.System, CancellationToken.None))
        {
        }

        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_directory, "catalog.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DROP TABLE groups; PRAGMA user_version = 2";
            command.ExecuteNonQuery();
        }

        Assert.Empty(StoreGroups.List(_directory));
        Assert.Contains("older Puppylog", Assert.Throws<LogStoreException>(() => StoreGroups.Set(_directory, new("a", "{}", false, 1))).Message, StringComparison.Ordinal);
        await using (await EmbeddedStore.OpenWriterAsync(_directory, TimeProvider.System, CancellationToken.None))
        {
            StoreGroups.Set(_directory, new("a", "{}", false, 1));
        }

        Assert.Single(StoreGroups.List(_directory));
    }

    [Fact]
    public void No_store_takes_no_group() => Assert.Throws<LogStoreException>(() => StoreGroups.Set(_directory, new("a", "{}", false, 1)));
}
