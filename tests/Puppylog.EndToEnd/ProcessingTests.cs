using System.Globalization;
using System.Text;
using System.Text.Json;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary>Every processor, from a configuration: what is counted is what is stored, and what is redacted is nowhere.</summary>
public sealed class ProcessingTests(PublishedProgram program) : IDisposable
{
    const string App = """
        {"time":"2026-01-01T00:00:00Z","level":"info","msg":"user jane.doe@example.com logged in","ip":"10.1.2.3","password":"hunter2"}
        {"time":"2026-01-01T00:00:01Z","level":"info","msg":"paid with 4111 1111 1111 1111 and 4111111111111112","order":"77"}
        {"time":"2026-01-01T00:00:02Z","level":"info","msg":"GET https://bob:s3cret@shop/?token=abc123&x=1","authorization":"Bearer eyJhbGciOiJIUzI1NiJ9.e30.abc"}
        {"time":"2026-01-01T00:00:03Z","level":"debug","msg":"noise"}
        {"time":"2026-01-01T00:00:04Z","level":"info","msg":"same"}
        {"time":"2026-01-01T00:00:04Z","level":"info","msg":"same"}
        {"time":"2026-01-01T00:00:05Z","level":"info","msg":"same"}
        {"time":"2026-01-01T00:00:20Z","level":"info","msg":"same"}
        {"time":"2026-01-01T00:00:21Z","level":"info","msg":"own session-42ab here","svc":"shop","a1":"1","a2":"2","a3":"3"}
        {"time":"2026-01-01T00:00:22Z","level":"info","msg":"jane.doe\u0040example.com again from 10.1.2.3 and 2001:db8:1:2:3:4:5:6"}
        not json at all with jane.doe@example.com
        """;

    const string Trace = """
        2026-01-01 00:00:00,000 ERROR [main] shop.Cart: it broke
        java.lang.IllegalStateException: no
            at shop.Cart.add(Cart.java:7)
            at shop.Main.main(Main.java:3)
        2026-01-01 00:00:01,000 INFO [main] shop.Cart: on we go
        """;

    const string Configuration = """
        sources:
          - path: app.log
            format: json
            invalid: report
            processing:
              - redact: {detectors: email, key_file: key}
              - redact: [card, bearer, secret, ip]
              - redact: {patterns: ['session-\w+'], mask: '####'}
              - drop: 'level:debug'
              - deduplicate: {window: 10s}
              - rename: {svc: application_name}
              - cap: {max_fields: 2, max_length: 64}
              - add: {team: web}
              - remove: order
          - path: access.log
            processing:
              - redact: ip
              - keep: 'status:<500'
              - sample: {ratio: 0.5, by: host}
          - {path: trace.log, format: log4j}
          - path: many.log
            format: text
            processing: [{limit: {rate: 1, burst: 50}}]
        """;

    static readonly string[] Secrets = ["jane", "hunter2", "4111 1111", "s3cret", "abc123", "eyJ", "10.1.2.3", "db8:1:2", "session-42", "192.0.2.7"];

    readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_is_counted_is_what_is_stored_and_what_is_redacted_is_nowhere()
    {
        File.WriteAllText(_directory["app.log"], App + "\n");
        File.WriteAllText(_directory["trace.log"], Trace + "\n");
        File.WriteAllText(_directory["key"], new string('k', 32));
        File.WriteAllText(_directory["many.log"], string.Concat(Enumerable.Range(0, 1000).Select(line => $"line {line}\n")));
        File.WriteAllText(_directory["access.log"], string.Concat(Enumerable.Range(0, 1000).Select(Access)));
        File.WriteAllText(_directory["puppylog.yaml"], Configuration);

        var result = (await program.RunAsync("collect", "--config", _directory["puppylog.yaml"], "--data", _directory.Data, "-o", "json")).Expect(0);

        var summary = JsonDocument.Parse(result.Lines[^1]).RootElement;
        var dropped = summary.GetProperty("dropped_by");
        Assert.Equal(11 + 5 + 1000 + 1000, summary.Number("read"));
        Assert.Equal(summary.Number("read"), summary.Number("stored") + summary.Number("invalid") + summary.Number("dropped") + summary.Number("joined"));
        Assert.Equal(summary.Number("dropped"), dropped.EnumerateObject().Sum(reason => reason.Value.GetInt64()));
        Assert.Equal((1, 3, 2, 1 + 100), (summary.Number("invalid"), summary.Number("joined"), dropped.Number("duplicate"), dropped.Number("filter")));
        // A second may pass while it runs, or ten.
        Assert.InRange(dropped.Number("rate"), 900, 950);
        Assert.Equal(summary.Number("stored"), await program.CountAsync(_directory.Data));

        // All or none of an address's records are sampled.
        var kept = await StatsAsync("file_path:access.log | stats by (host) count() n");
        Assert.InRange(kept.Count, 1, 99);
        Assert.Equal(900 - dropped.Number("sample"), kept.Sum(row => long.Parse(row.Field("n"), CultureInfo.InvariantCulture)));
        Assert.All(kept, row => Assert.Equal("9", row.Field("n")));

        var app = await StatsAsync("file_path:app.log");
        Assert.Equal(7, app.Count);
        Assert.All(app, row => Assert.Equal("web", row.Field("team")));
        Assert.Equal("2", Assert.Single(app, row => row.TryGetProperty("repeated", out _)).Field("repeated"));
        var capped = Assert.Single(app, row => row.TryGetProperty("application_name", out _));
        Assert.Equal(("shop", "1", "2", false), (capped.Field("application_name"), capped.Field("a1"), capped.Field("a2"), capped.TryGetProperty("a3", out _)));
        Assert.Equal("own #### here", capped.Field("_msg"));
        // A keyed hash is the same for the same address, escaped or not.
        Assert.Equal(app[0].Field("_msg").Split(' ')[1], app[^1].Field("_msg").Split(' ')[0]);
        Assert.Contains("paid with *** and 4111111111111112", app.Select(row => row.Field("_msg")));

        var everything = Encoding.UTF8.GetString(await program.RawAsync(_directory.Data)) + (await program.RunAsync("search", "*", "--data", _directory.Data, "-o", "json")).Expect(0).Text + result.Errors;
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, everything, StringComparison.Ordinal));
    }

    /// <summary>100 addresses, ten lines each; a line of ten is a failure of the server's.</summary>
    static string Access(int line) => string.Create(
        CultureInfo.InvariantCulture,
        $"10.{line % 100}.7.{1 + (line / 100)} - - [01/Jan/2026:00:{line / 60:D2}:{line % 60:D2} +0000] \"GET /p/{line} HTTP/1.1\" {(line / 100 == 9 ? 503 : 200)} 12 \"-\" \"seen by 192.0.2.7\"\n");

    async Task<List<JsonElement>> StatsAsync(string query) =>
        [.. (await program.RunAsync("search", query, "--data", _directory.Data, "-o", "json")).Expect(0).Lines.Select(StoreQueries.Json)];
}
