using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary>Encodings, records of several lines and formats: in files in place and in the store alike.</summary>
public sealed class ReadingTests(PublishedProgram program) : IDisposable
{
    const string Trace = "2026-11-21 14:00:05,000 ERROR [main] Shop: größer 😀\njava.io.IOException: x\n\tat a.b.c(D.java:1)\n2026-11-21 14:00:06,000 INFO [main] Shop: yes\n";

    const string Postgres =
        "2026-11-21 14:00:05.124 UTC,\"app\",\"shop\",4321,\"10.0.0.1:50123\",6740a1b2.10e1,3,\"SELECT\",2026-11-21 13:59:00 UTC,3/12,0,ERROR,42P01,\"relation \"\"x\"\" does not exist\",,,,,,\"SELECT *\nFROM x\n  , \"\"y\"\"\",15,,\"psql\",\"client backend\",,0\n"
        + "2026-11-21 14:00:05.128 UTC,,,77,,6740a1b2.4d,2,,2026-11-21 13:59:00 UTC,,0,LOG,00000,\"checkpoint starting: time\",,,,,,,,,\"\",\"checkpointer\",,0\n";

    readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task Text_with_a_byte_order_mark_comes_as_utf8(string encoding)
    {
        var log = _directory["app.log"];
        File.WriteAllText(log, Trace, Encoding.GetEncoding(encoding));
        using (var gzip = new GZipStream(File.Create(_directory["packed.gz"]), CompressionLevel.Fastest))
        {
            gzip.Write(File.ReadAllBytes(log));
        }

        foreach (var file in new[] { log, _directory["packed.gz"] })
        {
            Assert.Equal(Trace, (await program.RunAsync("search", "*", file, "-o", "raw")).Expect(0).Text);
            Assert.Equal("{\"level\":\"error\"}\n", (await program.RunAsync("search", "\"größer 😀\" IOException | fields level", file, "-o", "json")).Expect(0).Text);
        }

        var summary = await program.CollectAsync(_directory.Data, log);
        Assert.Equal((4, 2, 0, new FileInfo(log).Length), (summary.Number("read"), summary.Number("stored"), summary.Number("replaced"), summary.Number("bytes")));
        Assert.Equal(Trace, Encoding.UTF8.GetString(await program.RawAsync(_directory.Data)));
    }

    [Fact]
    public async Task Utf16_that_comes_byte_by_byte_is_stored_once_through_kills()
    {
        var log = _directory["app.log"];
        var text = string.Concat(Enumerable.Range(0, 40).Select(i => string.Create(CultureInfo.InvariantCulture, $"line {i} 😀{new string('ä', i)}\n")));
        byte[] bytes = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)];
        var random = new Random(16);
        for (var written = 0; written < bytes.Length;)
        {
            await using var collector = program.Start(["collect", "-w", "-s", log, "--format", "text", "--multiline", "off", "--data", _directory.Data]);
            for (var i = 0; i < 5 && written < bytes.Length; i++)
            {
                var count = Math.Min(bytes.Length - written, random.Next(1, 200));
                using (var file = new FileStream(log, FileMode.Append))
                {
                    file.Write(bytes.AsSpan(written, count));
                }

                written += count;
                await Task.Delay(random.Next(60), TestContext.Current.CancellationToken);
            }

            if (written == bytes.Length)
            {
                await program.WaitForCountAsync(_directory.Data, 40, collector);
            }

            collector.Kill();
            await collector.WaitForExitAsync();
        }

        Assert.Equal(
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
            Encoding.UTF8.GetString(await program.RawAsync(_directory.Data)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task How_files_in_place_are_read_can_be_said()
    {
        var log = _directory["app.log"];
        File.WriteAllText(log, Trace);
        Assert.Equal("java.io.IOException: x\n", (await program.RunAsync("search", "IOException", log, "--multiline", "off", "-o", "raw")).Expect(0).Text);
        Assert.Equal("{\"n\":\"2\"}\n", (await program.RunAsync("search", "* | stats count() n", log, "--format", "text", "--multiline", "continue:^java|^\\s", "-o", "json")).Expect(0).Text);
        Assert.Contains("search", (await program.RunAsync("search", "*", "--format", "json", "--data", _directory.Data)).Expect(2).Errors, StringComparison.Ordinal);
        Assert.Contains("there is no format 'nosuch'", (await program.RunAsync("search", "*", log, "--format", "nosuch")).Expect(2).Errors, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("there is no rule 'never'", (await program.RunAsync("search", "*", log, "--multiline", "never")).Expect(2).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Monitor_counts_records()
    {
        var log = _directory["app.log"];
        File.WriteAllText(log, Trace);
        foreach (var (rule, expected) in new[] { ("auto", 2), ("off", 4) })
        {
            var result = (await program.RunAsync("monitor", "-s", log, "--replay", "--multiline", rule, "--format", "log4j", "-o", "json")).Expect(0);
            Assert.Equal(expected, result.Lines.Select(StoreQueries.Json).Where(line => line.TryGetProperty("requests", out _)).Sum(line => line.Number("requests")));
        }
    }

    [Fact]
    public async Task Statements_of_several_lines_in_a_csvlog_are_one_record()
    {
        var log = _directory["postgresql.csv"];
        File.WriteAllText(log, Postgres);
        var summary = await program.CollectAsync(_directory.Data, log);
        Assert.Equal((4, 2), (summary.Number("read"), summary.Number("stored")));
        Assert.Equal(Postgres, Encoding.UTF8.GetString(await program.RawAsync(_directory.Data)));
        foreach (var from in new[] { log, "--data" })
        {
            var found = (await program.RunAsync([.. new[] { "search", "sql_state:=42P01 | fields statement, _msg", from }, .. from == log ? Array.Empty<string>() : [_directory.Data], "-o", "json"])).Expect(0);
            var row = StoreQueries.Json(Assert.Single(found.Lines));
            Assert.Equal(("SELECT *\nFROM x\n  , \"y\"", "relation \"x\" does not exist"), (row.Field("statement"), row.Field("_msg")));
        }
    }

    [Fact]
    public async Task Objects_of_five_levels_are_fields_and_come_back_equal()
    {
        var source = Repository.SharedData("nginx_status.jsonl");
        var originals = File.ReadLines(source).Select(line => JsonNode.Parse(line)!).OrderBy(node => (long)node["timestamp"]!).ToArray();
        await program.CollectAsync(_directory.Data, source);
        foreach (var from in new[] { source, "--data" })
        {
            string[] place = from == source ? [source] : ["--data", _directory.Data];
            var rows = (await program.RunAsync(["search", "* | sort by (_time)", .. place, "-o", "json"])).Expect(0).Lines;
            Assert.Equal(originals.Length, rows.Length);
            foreach (var (row, original) in rows.Zip(originals))
            {
                var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
                Flatten("", original, expected);
                // The time is the record's.
                Assert.True(expected.Remove("timestamp"));
                var fields = StoreQueries.Json(row).EnumerateObject().Where(field => field.Name[0] != '_' && field.Name != "file_path");
                Assert.Equal(expected, new SortedDictionary<string, string>(fields.ToDictionary(field => field.Name, field => field.Value.GetString()!), StringComparer.Ordinal));
            }

            var lines = (await program.RunAsync(["search", "* | sort by (_time) | fields _raw", .. place, "-o", "json"])).Expect(0).Lines;
            Assert.All(lines.Zip(originals), pair => Assert.True(JsonNode.DeepEquals(pair.Second, JsonNode.Parse(StoreQueries.Json(pair.First).Field("_raw")))));
        }
    }

    /// <summary>Objects by dots, all else as its text.</summary>
    static void Flatten(string name, JsonNode? node, SortedDictionary<string, string> fields)
    {
        switch (node)
        {
            case null:
                break;
            case JsonObject { Count: > 0 } map:
                foreach (var (key, value) in map)
                {
                    Flatten(name.Length == 0 ? key : $"{name}.{key}", value, fields);
                }

                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                fields[name] = value.GetValue<string>();
                break;
            default:
                fields[name] = node.ToJsonString();
                break;
        }
    }
}
