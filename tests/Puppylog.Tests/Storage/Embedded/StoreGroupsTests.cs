using Microsoft.Data.Sqlite;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Backup;
using Puppylog.Storage.Embedded.Catalog;
using Puppylog.Storage.Embedded.Files;
using Puppylog.Storage.Embedded.Repair;
using Puppylog.Tests.Storage.Embedded.Verification;

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
            command.CommandText = "DROP TABLE api_keys; DROP TABLE alert_items; DROP TABLE alert_states; DROP TABLE alert_signals; DROP TABLE groups; DROP TABLE metrics; DROP TABLE metric_values; DROP TABLE metric_counts; PRAGMA user_version = 2";
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

    /// <summary>Segments know nothing of groups; what a person named must not go with the catalogue.</summary>
    [Theory]
    [InlineData("lost")]
    [InlineData("damaged")]
    [InlineData("older")]
    public async Task Groups_survive_a_rebuild_of_the_catalogue_and_a_backup(string how)
    {
        using var store = await SampleStore.CreateAsync();
        StoreGroups.Set(store.Data, new("forgotten", "{}", false, 1));
        var older = await File.ReadAllBytesAsync(store.Catalog, TestContext.Current.CancellationToken);
        List<StreamGroup> groups = [new("backend", "{a=\"1\" or b=\"\\\"ü\"}", true, 1_000_000_007), new("shop", "{a=\"2\"}", false, 6)];
        StoreGroups.Configure(store.Data, [groups[0]]);
        StoreGroups.Set(store.Data, groups[1]);
        StoreGroups.Delete(store.Data, "forgotten");
        var backup = _directory + "/backup";
        new StoreBackup(store.Data, backup, store.Options, new BackupOptions(false, null), new BackupProgress()).Run(TestContext.Current.CancellationToken);
        foreach (var data in (string[])[store.Data, backup])
        {
            var catalog = Path.Combine(data, "catalog.db");
            File.Delete(catalog);
            if (how != "lost")
            {
                await File.WriteAllBytesAsync(catalog, how == "older" ? older : new byte[5000], TestContext.Current.CancellationToken);
                // More than a crash can leave, so that an older catalogue is known for what it is.
                Directory.CreateDirectory(Path.Combine(data, "days/mixed"));
                using var left = File.Create(Path.Combine(data, "days/mixed/00000099.seg"));
                left.SetLength(200 << 20);
            }

            var repair = await new StoreRepair(data, store.Options, new()).RunAsync(TestContext.Current.CancellationToken);
            Assert.True(repair.After.IsClean);
            Assert.Equal(groups, StoreGroups.List(data));
            Assert.True(StoreGroups.Delete(data, "shop"));
        }
    }

    [Fact]
    public void Damaged_file_of_groups_gives_those_that_can_be_read()
    {
        File.WriteAllText(Path.Combine(_directory, "groups.jsonl"), "{\"name\":\"a\",\"match\":\"{}\"}\n{\"name\":\"b\",\n[]\n\0\n{\"name\":1,\"match\":\"{}\"}\n{\"name\":\"c\",\"match\":\"{}\",\"created\":\"yesterday\"}");
        Assert.Equal([new("a", "{}", false, 0), new("c", "{}", false, 0)], GroupCatalog.File.Read(LocalFileSystem.Instance, _directory));
    }

    [Fact]
    public void No_store_takes_no_group() => Assert.Throws<LogStoreException>(() => StoreGroups.Set(_directory, new("a", "{}", false, 1)));
}
