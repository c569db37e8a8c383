using FsCheck;
using FsCheck.Fluent;
using Puppylog.App.Cli.Streams;
using Puppylog.Diagnostics;
using Puppylog.Parsing;
using Puppylog.Pipeline;
using Puppylog.Records;
using Puppylog.Storage.Embedded;
using Puppylog.Tests.Pipeline;

namespace Puppylog.Tests.Cli.Streams;

public sealed class StreamListTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("puppylog-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Streams_have_records_rate_last_record_position_and_lag()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (a, b) = (Path.Combine(_directory, "a.log"), Path.Combine(_directory, "b.log"));
        await File.WriteAllTextAsync(a, "1\n2\n3\n", cancellation);
        var past = TimeProvider.System.GetUtcNow().AddMinutes(-2).ToUnixTimeMilliseconds();
        await File.WriteAllTextAsync(b, $"{{\"time\":\"2026-01-01T00:00:00Z\"}}\n{{\"time\":{past}}}\n", cancellation);
        await using var store = await EmbeddedStore.OpenWriterAsync(Path.Combine(_directory, "d"), TimeProvider.System, cancellation);
        var options = new CollectOptions
        {
            Sources = [],
            Configured = [new() { Input = a, Format = "text", Fields = [new("app", "x\"y")] }, new() { Input = b, Format = "json" }],
        };
        await new Collector(store, options, LineParserLookup.Default, new CollectReportFake(), () => Stream.Null, TimeProvider.System).RunAsync(cancellation);
        await File.AppendAllTextAsync(a, "4444\n", cancellation);
        File.Delete(b);
        var streams = await StreamList.ReadAsync(store, TimeProvider.System, cancellation);
        Assert.Equal([$"{{file_path=\"{a}\",app=\"x\\\"y\"}}", $"{{file_path=\"{b}\"}}"], streams.Select(stream => stream.Stream));
        Assert.Equal([(3L, 3L, 6L, 5L), (2L, 0L, 55L, null)], streams.Select(stream => (stream.Records, stream.Recent, stream.Position ?? -1, stream.Lag)));
        Assert.Equal(past * 1_000_000, streams[1].Last);
        Assert.Equal([streams[0].Stream], await StreamList.MatchingAsync(store, "{app=~\"x.*\"}", cancellation));
        Assert.Contains("  6 B  5 B  {file_path=", StreamText.Table(streams, "stream"), StringComparison.Ordinal);
        Assert.Contains("\"records\":3,\"rate\":0.05,", StreamText.Json(streams, "stream"), StringComparison.Ordinal);
        var group = StreamRow.Sum("g", "{}", streams);
        Assert.Equal((5L, 61L, 5L, 2), (group.Records, group.Position, group.Lag, group.Streams));
    }

    [Fact]
    public async Task Container_has_the_position_of_its_files_and_an_agent_s_file_is_not_looked_for_here()
    {
        var container = Path.Combine(_directory, "pods/shop_web-1_0a1b/nginx");
        Directory.CreateDirectory(container);
        var here = Path.Combine(_directory, "app.log");
        foreach (var file in (string[])[here, $"{container}/0.log", $"{container}/1.log"])
        {
            await File.WriteAllTextAsync(file, "0123456789", TestContext.Current.CancellationToken);
        }

        SourcePosition At(string source, string path, long offset) => new(source, 0, offset, 1, path, 0, 0);
        SourcePosition Here(string path, long offset) => At(FileStatus.TryRead(path, out var status) ? status.Identity.Source : "", path, offset);
        var progress = new StreamProgress(
        [
            Here($"{container}/0.log", 10), Here($"{container}/1.log", 4), Here(here, 7),
            At("agent/a1/file:1:2", here, 3), At("agent/a1/file:1:3", "/far/app.log", 5), At("agent/a1/file:1:4", "/far/two.log", 5), At("agent/b2/file:1:4", "/far/two.log", 6),
        ]);
        Assert.Equal((14, 6), progress.Of([new("kubernetes.namespace", "shop"), new("kubernetes.pod", "web-1"), new("kubernetes.container", "nginx"), new("team", "x")]));
        Assert.Equal(default((long?, long?)), progress.Of([new("kubernetes.namespace", "shop"), new("kubernetes.pod", "web-2"), new("kubernetes.container", "nginx")]));
        Assert.Equal((7, 3), progress.Of([new("file_path", here)]));
        Assert.Equal((3, null), progress.Of([new("file_path", here), new("host_name", "web1")]));
        Assert.Equal((5, null), progress.Of([new("file_path", "/far/app.log"), new("host_name", "web1")]));
        Assert.Equal(default((long?, long?)), progress.Of([new("file_path", "/far/two.log"), new("host_name", "web1")]));
        Assert.Equal(default((long?, long?)), progress.Of([new("command", "seq 1")]));
    }

    [Fact]
    public void Any_labels_are_read_back() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), value =>
        {
            Assert.Equal([new("file_path", value.Get)], StreamLabels.Read(RecordOrigin.StreamText([new("file_path", value.Get)])));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_read_somehow() =>
        Prop.ForAll(Arb.From(Gen.Elements("{", "}", "a", "=", "\"", "\\", ",", "=\"").ListOf()), parts => { StreamLabels.Read(string.Concat(parts)); }).QuickCheckThrowOnFailure();
}
