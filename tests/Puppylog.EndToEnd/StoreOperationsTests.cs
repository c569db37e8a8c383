using System.Text;
using System.Text.Json;
using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary><c>puppylog store …</c> from the published program.</summary>
public sealed class StoreOperationsTests(PublishedProgram program) : IDisposable
{
    readonly TestDirectory _directory = new();

    string Log => _directory["access.log"];

    string Data => _directory.Data;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("status")]
    [InlineData("verify")]
    [InlineData("compact")]
    [InlineData("backup")]
    [InlineData("restore")]
    [InlineData("export")]
    [InlineData("import")]
    public async Task Every_command_has_help_with_an_example(string command)
    {
        var help = (await program.RunAsync("store", command, "--help")).Expect(0).Text;
        Assert.Contains("Example", help, StringComparison.Ordinal);
        Assert.Contains($"puppylog store {command}", help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("verify")]
    [InlineData("compact")]
    [InlineData("export")]
    public async Task Without_a_store_it_is_said_how_to_begin(string command)
    {
        var result = (await program.RunAsync("store", command, "--data", Data)).Expect(2);
        Assert.Contains("collect something first", result.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task Wrong_option_names_the_help_of_its_command() =>
        Assert.Contains("See 'puppylog store verify --help'.", (await program.RunAsync("store", "verify", "--fix")).Expect(2).Errors, StringComparison.Ordinal);

    [Fact]
    public async Task Status_tells_what_the_store_holds_and_who_writes_it()
    {
        await CollectAsync(500);
        var alone = await JsonAsync("status", "--columns");
        Assert.Equal((500, 500, false), (alone.Number("records"), alone.GetProperty("sources")[0].Number("line"), alone.GetProperty("has_writer").GetBoolean()));
        Assert.Equal(new FileInfo(Log).Length, alone.Number("raw_bytes"));
        Assert.Contains(alone.GetProperty("columns").EnumerateArray(), column => column.Field("name") == "host");

        await using var collector = program.Start("collect", "-s", Log, "--data", Data, "--watch");
        await Eventually.HoldsAsync(async () => (await JsonAsync("status")).GetProperty("has_writer").GetBoolean(), () => "no writer was seen");
        var text = (await program.RunAsync("store", "status", "--data", Data)).Expect(0).Text;
        Assert.Contains("writer      pid ", text, StringComparison.Ordinal);
        await collector.StopAsync();
    }

    [Fact]
    public async Task Damage_is_found_named_and_repaired_and_the_rest_is_served()
    {
        await CollectAsync(200);
        AccessLines.Append(Log, AccessLines.Lines(200, 100));
        await program.CollectAsync(Data, Log);
        (await program.RunAsync("store", "verify", "--data", Data)).Expect(0);
        var segment = Assert.Single(Directory.GetFiles(Path.Combine(Data, "days"), "*.seg", SearchOption.AllDirectories));
        var bytes = await File.ReadAllBytesAsync(segment, TestContext.Current.CancellationToken);
        bytes[400] ^= 4;
        await File.WriteAllBytesAsync(segment, bytes, TestContext.Current.CancellationToken);

        var found = (await program.RunAsync("store", "verify", "--data", Data)).Expect(1).Text;
        Assert.Contains($"damaged {Path.GetRelativePath(Data, segment)}: ", found, StringComparison.Ordinal);
        Assert.Contains($"puppylog store verify --repair --data {Data}", found, StringComparison.Ordinal);
        var json = StoreQueries.Json(Assert.Single((await program.RunAsync("store", "verify", "--data", Data, "-o", "json")).Expect(1).Lines));
        Assert.False(json.GetProperty("clean").GetBoolean());
        Assert.Equal(200, json.GetProperty("damage")[0].Number("records"));
        var search = (await program.RunAsync("search", "*", "--data", Data, "-o", "raw")).Expect(2);
        Assert.Equal(AccessLines.Lines(200, 100), search.Output);
        Assert.Contains("damaged", search.Errors, StringComparison.Ordinal);
        Assert.Contains($"{Path.GetRelativePath(Data, segment)} at byte ", search.Errors, StringComparison.Ordinal);

        (await program.RunAsync("store", "verify", "--repair", "--data", Data)).Expect(0);
        (await program.RunAsync("store", "verify", "--data", Data)).Expect(0);
        Assert.Equal(AccessLines.Lines(200, 100), await program.RawAsync(Data));
        Assert.Equal(0, (await program.CollectAsync(Data, Log)).Number("read"));
    }

    [Fact]
    public async Task Lost_catalogue_is_refused_by_name_of_the_repair_and_rebuilt_by_it()
    {
        await CollectAsync(300);
        File.Delete(Path.Combine(Data, "catalog.db"));
        foreach (var refused in (string[][])[["search", "*"], ["collect", "-s", Log], ["store", "status"]])
        {
            var errors = (await program.RunAsync([.. refused, "--data", Data])).Expect(2).Errors;
            Assert.Contains($"puppylog store verify --repair --data {Data}", errors, StringComparison.Ordinal);
        }

        (await program.RunAsync("store", "verify", "--data", Data)).Expect(1);
        (await program.RunAsync("store", "verify", "--repair", "--data", Data)).Expect(0);

        AccessLines.Append(Log, AccessLines.Lines(300, 10));
        Assert.Equal(10, (await program.CollectAsync(Data, Log)).Number("stored"));
        Assert.Equal(AccessLines.Lines(0, 310), await program.RawAsync(Data));
    }

    [Fact]
    public async Task Repair_waits_for_nobody_and_says_who_writes()
    {
        await CollectAsync(10);
        await using var collector = program.Start("collect", "-s", Log, "--data", Data, "--watch");
        await Eventually.HoldsAsync(async () => (await JsonAsync("status")).GetProperty("has_writer").GetBoolean(), () => "no writer was seen");
        Assert.Contains("stop it, then repair", (await program.RunAsync("store", "verify", "--repair", "--data", Data)).Expect(2).Errors, StringComparison.Ordinal);
        (await program.RunAsync("store", "verify", "--data", Data)).Expect(0);
        await collector.StopAsync();
    }

    [Fact]
    public async Task Backup_made_while_collecting_is_a_store_and_is_restored()
    {
        await CollectAsync(400);
        var backup = _directory["backup"];
        await using (var collector = program.Start("collect", "-s", Log, "--data", Data, "--watch"))
        {
            AccessLines.Append(Log, AccessLines.Lines(400, 50));
            await program.WaitForCountAsync(Data, 450, collector);
            (await program.RunAsync("store", "backup", backup, "--data", Data)).Expect(0);
            AccessLines.Append(Log, AccessLines.Lines(450, 50));
            await program.WaitForCountAsync(Data, 500, collector);
            await collector.StopAsync();
        }

        Assert.Equal(AccessLines.Lines(0, 450), await program.RawAsync(backup));
        Assert.Contains("not empty", (await program.RunAsync("store", "backup", backup, "--data", Data)).Expect(2).Errors, StringComparison.Ordinal);
        Assert.Contains("not empty", (await program.RunAsync("store", "restore", backup, "--data", Data)).Expect(2).Errors, StringComparison.Ordinal);

        Directory.Delete(Data, recursive: true);
        Assert.Contains("all whole", (await program.RunAsync("store", "restore", backup, "--data", Data)).Expect(0).Text, StringComparison.Ordinal);
        Assert.Equal(50, (await program.CollectAsync(Data, Log)).Number("stored"));
        Assert.Equal(AccessLines.Lines(0, 500), await program.RawAsync(Data));
    }

    [Theory]
    [InlineData("all.jsonl")]
    [InlineData("all.jsonl.gz")]
    public async Task Exported_and_imported_records_are_the_same(string name)
    {
        await CollectAsync(250);
        await File.WriteAllBytesAsync(_directory["odd.log"], [.. "plain text \u00e9\n"u8, 0xff, 0xfe, (byte)'\t', 0, (byte)'\n', .. "{\"time\":\"2026-01-01T00:00:00.123456789Z\",\"n\":1.50,\"a\":[1,{\"b\":null}],\"e\":\"\"}\n"u8], TestContext.Current.CancellationToken);
        await program.CollectAsync(Data, _directory["odd.log"], "--format", "json");
        var (file, other) = (_directory[name], _directory["other"]);

        (await program.RunAsync("store", "export", "--data", Data, "--output", file)).Expect(0);
        Assert.Contains("nothing is overwritten", (await program.RunAsync("store", "export", "--data", Data, "--output", file)).Expect(2).Errors, StringComparison.Ordinal);
        (await program.RunAsync("store", "import", file, "--data", other)).Expect(0);
        var again = (await program.RunAsync("store", "import", file, "--data", other)).Expect(0);

        Assert.Contains("nothing new", again.Errors, StringComparison.Ordinal);
        Assert.Equal(await program.RawAsync(Data), await program.RawAsync(other));
        Assert.Equal(await ExportAsync(Data), await ExportAsync(other));
        Assert.Equal((await ExportAsync(Data)).Split('\n').Length - 1, await program.CountAsync(other));
    }

    [Fact]
    public async Task What_VictoriaLogs_answers_is_imported()
    {
        var lines = """
            {"_time":"2026-11-21T10:00:00.000000001Z","_stream_id":"0000","_stream":"{app=\"shop\"}","_msg":"paid 12 €","app":"shop","level":"info"}
            {"_time":"2026-11-21T10:00:01Z","_stream":"{}","_msg":"no more","user.id":"7"}

            """;
        var result = (await program.RunAsync(["store", "import", "--data", Data, "-o", "json"], Encoding.UTF8.GetBytes(lines))).Expect(0);
        Assert.Equal(2, StoreQueries.Json(result.Lines[^1]).Number("stored"));
        Assert.Equal(1, await program.CountAsync(Data, "{app=\"shop\"} level:=info paid"));
        Assert.Equal("paid 12 €\nno more\n", Encoding.UTF8.GetString(await program.RawAsync(Data)));
    }

    [Fact]
    public async Task Export_of_lines_is_the_file_and_of_nothing_ends_with_1()
    {
        await CollectAsync(20);
        Assert.Equal(AccessLines.Lines(0, 20), (await program.RunAsync("store", "export", "--format", "raw", "--data", Data)).Expect(0).Output);
        (await program.RunAsync("store", "export", "nothinglikethis", "--data", Data)).Expect(1);
        Assert.Contains("give a filter only", (await program.RunAsync("store", "export", "* | stats count()", "--data", Data)).Expect(2).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_that_was_killed_is_repeated_without_doubling()
    {
        await CollectAsync(30_000);
        var file = _directory["all.jsonl"];
        (await program.RunAsync("store", "export", "--data", Data, "--output", file)).Expect(0);
        var other = _directory["other"];
        for (var i = 0; i < 3; i++)
        {
            await using var import = program.Start("store", "import", file, "--data", other);
            await Task.Delay(150 + (i * 200), TestContext.Current.CancellationToken);
            import.Kill();
            await import.WaitForExitAsync();
        }

        (await program.RunAsync("store", "import", file, "--data", other)).Expect(0);
        Assert.Equal(await program.RawAsync(Data), await program.RawAsync(other));
    }

    [Fact]
    public async Task Compaction_joins_small_blocks_and_loses_nothing()
    {
        for (var i = 0; i < 8; i++)
        {
            AccessLines.Append(Log, AccessLines.Lines(i * 50, 50));
            await program.CollectAsync(Data, Log);
        }

        var report = StoreQueries.Json(Assert.Single((await program.RunAsync("store", "compact", "--data", Data, "-o", "json")).Expect(0).Lines));
        Assert.Equal((8, 1), (report.Number("blocks_before"), report.Number("blocks_after")));
        Assert.Equal(AccessLines.Lines(0, 400), await program.RawAsync(Data));
        (await program.RunAsync("store", "verify", "--data", Data)).Expect(0);

        // What was replaced may still lie there: a rebuild counts it once.
        File.Delete(Path.Combine(Data, "catalog.db"));
        (await program.RunAsync("store", "verify", "--repair", "--data", Data)).Expect(0);
        Assert.Equal(AccessLines.Lines(0, 400), await program.RawAsync(Data));
        Assert.Equal(0, (await program.CollectAsync(Data, Log)).Number("read"));
    }

    async Task CollectAsync(int lines)
    {
        AccessLines.Append(Log, AccessLines.Lines(0, lines));
        Assert.Equal(lines, (await program.CollectAsync(Data, Log)).Number("stored"));
    }

    async Task<JsonElement> JsonAsync(string command, params string[] more) =>
        StoreQueries.Json(Assert.Single((await program.RunAsync(["store", command, "--data", Data, "-o", "json", .. more])).Expect(0).Lines));

    async Task<string> ExportAsync(string data) => (await program.RunAsync("store", "export", "--data", data)).Expect(0).Text;
}
