using Microsoft.Data.Sqlite;
using Puppylog.Alerts.Keeping;
using Puppylog.Alerts.Notices;
using Puppylog.Alerts.Notifiers;
using Puppylog.Alerts.Rules;
using Puppylog.Metrics;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;
using Puppylog.Storage.Embedded.Backup;
using Puppylog.Storage.Embedded.Repair;
using Puppylog.Tests.Metrics;
using Puppylog.Tests.Storage.Embedded;

namespace Puppylog.Tests.Alerts.Keeping;

public sealed class AlertStoreTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly EmbeddedStoreOptions _options = new(TimeProvider.System) { Metrics = () => new MetricEngine(), UpkeepInterval = Timeout.InfiniteTimeSpan };

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    AlertStore Alerts => At(_directory.Data);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_was_made_is_there_as_it_was_made()
    {
        await using var store = await OpenAsync();
        var draft = new AlertDraft
        {
            Id = "a",
            Metric = "total_traffic",
            Statistic = WindowStatistic.Max,
            Window = 60,
            Below = -0.5m,
            RecoverAbove = 3,
            For = 5,
            NoData = 300,
            AgainstYesterday = true,
            Severity = Severity.Critical,
            Labels = new Dictionary<string, string> { ["team"] = "wéb" },
            Title = "A \"title\"",
            ValueName = "v",
            Samples = 2,
            Notify = ["x", "y"],
        };
        var notifier = new NotifierDraft { Name = "x", Type = "email", Host = "h", From = "a@b", To = ["c@d", "e@f"], Password = "env:P", User = "u", Secrets = new Dictionary<string, string> { ["password"] = "very secret" } };
        Alerts.Add(draft);
        Alerts.Add(notifier);
        var silence = Alerts.Add(new Silence("a", "/x", 5, 9, "why") { By = "me" });
        var view = Alerts.Read();
        Assert.Equivalent(draft, view.Rules.Single().Draft, strict: true);
        Assert.Equivalent(notifier with { Secrets = new Dictionary<string, string>() }, view.Notifiers.Single().Draft, strict: true);
        Assert.Equal(silence.Silence, view.Silences.Single().Silence);
        Assert.DoesNotContain("very secret", await File.ReadAllTextAsync(Path.Combine(_directory.Data, "alerts.jsonl"), Cancellation), StringComparison.Ordinal);
        Assert.Contains("there is an alert 'a' already", Assert.Throws<LogStoreException>(() => Alerts.Add(draft)).Message, StringComparison.Ordinal);
        Assert.True(Alerts.Delete("a"));
        Assert.False(Alerts.Delete("a"));
    }

    [Fact]
    public async Task Configuration_sets_its_own_at_once_keeps_their_histories_and_lets_others_be()
    {
        await using var store = await OpenAsync();
        AlertDraft own = new() { Id = "own", Metric = "total_traffic", Above = 1 }, one = own with { Id = "one" }, two = own with { Id = "two" };
        Alerts.Add(own);
        Alerts.Configure([one, two], [new() { Name = "x", Type = "webhook", Url = "https://user.example.com/secret/path", Command = null }]);
        var number = Alerts.Read().Find("one")!.Item.Number;
        await Keep(store, number);
        Alerts.Configure([one with { Above = 2 }], []);
        var view = Alerts.Read();
        Assert.Equal(["one", "own"], view.Rules.Select(rule => rule.Id));
        Assert.Equal((number, 2m), (view.Find("one")!.Item.Number, view.Find("one")!.Draft.Above!.Value));
        Assert.Single(Alerts.History(view.Find("one")!));
        Assert.Empty(view.Notifiers);
        Assert.Contains("named in the configuration", Assert.Throws<LogStoreException>(() => Alerts.Delete("one")).Message, StringComparison.Ordinal);
        Assert.Contains("was made by a command", Assert.Throws<LogStoreException>(() => Alerts.Configure([own], [])).Message, StringComparison.Ordinal);
        Assert.Equal(["one", "own"], Alerts.Read().Rules.Select(rule => rule.Id));
    }

    [Fact]
    public async Task Address_of_a_configured_notifier_is_not_kept()
    {
        await using var store = await OpenAsync();
        Alerts.Configure([], [new() { Name = "x", Type = "webhook", Url = "https://hooks.example.com/secret/path" }, new() { Name = "y", Type = "command", Command = "curl secret" }]);
        Assert.DoesNotContain("secret", await File.ReadAllTextAsync(Path.Combine(_directory.Data, "alerts.jsonl"), Cancellation), StringComparison.Ordinal);
        Assert.Equal("https://hooks.example.com", Alerts.Read().Notifiers[0].Draft.Describe());
    }

    /// <summary>Rules survive whatever happens to the catalogue; where they stood, where the old one can still be read.</summary>
    [Theory]
    [InlineData("lost")]
    [InlineData("damaged")]
    [InlineData("whole")]
    public async Task Alerts_survive_a_rebuild_of_the_catalogue_and_a_backup(string how)
    {
        await using (var store = await OpenAsync())
        {
            Alerts.Add(AlertDraft.TotalTraffic);
            Alerts.Add(new NotifierDraft { Name = "x", Type = "console" });
            Alerts.Add(new Silence("totaltraffic", null, 5, 9, "why"));
            await store.CommitAsync(Samples.Commit(TrafficBatch.BatchOf(new TrafficBatch.Hit("/a/b", Second: 5))), Cancellation);
            await Keep(store, Alerts.Read().Rules[0].Item.Number);
        }

        var backup = _directory.Path + "/backup";
        new StoreBackup(_directory.Data, backup, _options, new BackupOptions(false, null), new BackupProgress()).Run(Cancellation);
        AssertThere(At(backup), withHistory: true);
        foreach (var data in (string[])[backup, _directory.Data])
        {
            if (how != "whole")
            {
                File.Delete(Path.Combine(data, "catalog.db"));
            }
            else
            {
                // Behind what the segments hold, so that it is rebuilt, but readable.
                Run(data, "DELETE FROM blocks; DELETE FROM segments; UPDATE store SET last_commit = 0, in_flight = 0");
                Directory.CreateDirectory(Path.Combine(data, "days/mixed"));
                using var left = File.Create(Path.Combine(data, "days/mixed/00000099.seg"));
                left.SetLength(200 << 20);
            }

            if (how == "damaged")
            {
                await File.WriteAllBytesAsync(Path.Combine(data, "catalog.db"), new byte[5000], Cancellation);
            }

            await new StoreRepair(data, _options, new()).RunAsync(Cancellation);
            AssertThere(At(data), withHistory: how == "whole");
        }
    }

    static void AssertThere(AlertStore alerts, bool withHistory)
    {
        var view = alerts.Read();
        Assert.Equivalent(AlertDraft.TotalTraffic, view.Rules.Single().Draft);
        Assert.Equal(("x", "why"), (view.Notifiers.Single().Name, view.Silences.Single().Silence.Why));
        Assert.Equal(withHistory ? ["message"] : [], alerts.History(view.Rules[0]).Select(signal => signal.Message));
        Assert.Equal(withHistory ? new AlertMark(77, true, 3) : null, view.Image.Mark);
    }

    [Fact]
    public void No_store_has_no_alerts_and_takes_none()
    {
        Assert.Empty(Alerts.Read().Rules);
        Assert.Throws<LogStoreException>(() => Alerts.Add(AlertDraft.TotalTraffic));
    }

    [Fact]
    public async Task Signals_that_are_kept_twice_are_there_once_and_those_of_rules_that_are_gone_are_not()
    {
        await using var store = await OpenAsync();
        Alerts.Add(AlertDraft.TotalTraffic);
        var rule = Alerts.Read().Rules[0];
        await Keep(store, rule.Item.Number);
        await Keep(store, rule.Item.Number);
        await Keep(store, rule.Item.Number + 1);
        Assert.Single(Alerts.History(rule));
        Alerts.Delete("totaltraffic");
        Assert.Empty(Alerts.Read().Image.States);
        Assert.Empty(StoreAlerts.Signals(_directory.Data, rule.Item.Number));
    }

    static AlertStore At(string data) => new(data, TimeProvider.System);

    static Task Keep(LocalStore store, long number) => store.KeepAsync(
        new([(number, "{}")], [new(number, true, "", "firing", 70, "11", "threshold", 6, "message", false)], new AlertMark(77, true, 3)), Cancellation);

    static void Run(string data, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "catalog.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    async Task<LocalStore> OpenAsync()
    {
        var store = (LocalStore)await EmbeddedStore.OpenWriterAsync(_directory.Data, _options, Cancellation);
        await new MetricStore(_directory.Data, _options).CreateAsync([MetricRequest.Defaults[0].Check(0)], Cancellation);
        return store;
    }
}
