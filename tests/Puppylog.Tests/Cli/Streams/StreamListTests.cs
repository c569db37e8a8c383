using FsCheck;
using FsCheck.Fluent;
using Puppylog.App.Cli.Streams;
using Puppylog.Parsing;
using Puppylog.Pipeline;
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
    public void Any_labels_are_read_back() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), value =>
        {
            Assert.Equal([new("file_path", value.Get)], StreamLabels.Read(RecordOrigin.StreamText([new("file_path", value.Get)])));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_read_somehow() =>
        Prop.ForAll(Arb.From(Gen.Elements("{", "}", "a", "=", "\"", "\\", ",", "=\"").ListOf()), parts => { StreamLabels.Read(string.Concat(parts)); }).QuickCheckThrowOnFailure();
}
