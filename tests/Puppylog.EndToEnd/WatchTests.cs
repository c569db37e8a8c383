using Puppylog.EndToEnd.Harness;

namespace Puppylog.EndToEnd;

/// <summary><c>collect --watch</c> on real files.</summary>
public sealed class WatchTests(PublishedProgram program) : IDisposable
{
    readonly TestDirectory _directory = new();

    string Log => _directory["access.log"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_same_content_written_again_is_stored_again()
    {
        File.WriteAllBytes(_directory["sample.log"], AccessLines.Lines(0, 1000));
        await using var collector = Watch();
        await CatAsync();
        await program.WaitForCountAsync(_directory.Data, 1000, collector);
        await CatAsync();
        await program.WaitForCountAsync(_directory.Data, 2000, collector);
        await collector.StopAsync();
        Assert.Equal(2000, await program.CountAsync(_directory.Data));

        async Task CatAsync() => (await program.RunScriptAsync("cat \"$1\" > \"$2\"", _directory["sample.log"], Log)).Expect(0);
    }

    [Fact]
    public async Task A_shorter_content_after_truncation_is_read_from_its_beginning()
    {
        File.WriteAllBytes(Log, AccessLines.Lines(0, 500));
        await using var collector = Watch();
        await program.WaitForCountAsync(_directory.Data, 500, collector);
        (await program.RunScriptAsync(": > \"$1\"", Log)).Expect(0);
        AccessLines.Append(Log, AccessLines.Lines(500, 20));
        await program.WaitForCountAsync(_directory.Data, 520, collector);
        await collector.StopAsync();
        AccessLines.AssertEqual(AccessLines.Lines(0, 520), await program.RawAsync(_directory.Data));
    }

    [Fact]
    public async Task A_rotation_loses_nothing_of_the_old_file_or_the_new()
    {
        File.WriteAllBytes(Log, AccessLines.Lines(0, 100));
        await using var collector = Watch();
        await program.WaitForCountAsync(_directory.Data, 100, collector);
        for (var round = 1; round <= 5; round++)
        {
            File.Move(Log, _directory[$"access.log.{round}"]);
            // As servers do that keep the old file open for a moment.
            AccessLines.Append(_directory[$"access.log.{round}"], AccessLines.Lines(round * 100, 50));
            File.WriteAllBytes(Log, AccessLines.Lines((round * 100) + 50, 50));
            await program.WaitForCountAsync(_directory.Data, (round + 1) * 100, collector);
        }

        await collector.StopAsync();
        AccessLines.AssertEqual(AccessLines.Lines(0, 600), await program.RawAsync(_directory.Data));
    }

    [Fact]
    public async Task What_a_rotation_left_behind_is_read_after_a_restart()
    {
        File.WriteAllBytes(Log, AccessLines.Lines(0, 100));
        await using (var first = Watch())
        {
            await program.WaitForCountAsync(_directory.Data, 100, first);
            await first.StopAsync();
        }

        AccessLines.Append(Log, AccessLines.Lines(100, 100));
        File.Move(Log, _directory["access.log.1"]);
        File.WriteAllBytes(Log, AccessLines.Lines(200, 100));
        await using var second = Watch();
        await program.WaitForCountAsync(_directory.Data, 300, second);
        await second.StopAsync();
        AccessLines.AssertEqual(AccessLines.Lines(0, 300), await program.RawAsync(_directory.Data));
    }

    [Fact]
    public async Task A_file_that_does_not_exist_yet_is_waited_for()
    {
        await using var collector = Watch();
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        Assert.False(collector.HasExited);
        File.WriteAllBytes(Log, AccessLines.Lines(0, 10));
        await program.WaitForCountAsync(_directory.Data, 10, collector);
        await collector.StopAsync();
    }

    [Fact]
    public async Task A_line_is_stored_when_its_newline_has_come()
    {
        var line = AccessLines.Lines(0, 1);
        await using var collector = Watch();
        AccessLines.Append(Log, line[..40]);
        await Task.Delay(700, TestContext.Current.CancellationToken);
        AccessLines.Append(Log, line[40..]);
        await program.WaitForCountAsync(_directory.Data, 1, collector);
        await collector.StopAsync();
        AccessLines.AssertEqual(line, await program.RawAsync(_directory.Data));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Signals_end_it_cleanly_and_a_restart_goes_on_where_it_was(bool interrupt)
    {
        File.WriteAllBytes(Log, AccessLines.Lines(0, 1000));
        await using (var collector = Watch())
        {
            await program.WaitForCountAsync(_directory.Data, 1000, collector);
            AccessLines.Append(Log, AccessLines.Lines(1000, 5000));
            if (interrupt)
            {
                collector.Interrupt();
            }
            else
            {
                collector.Terminate();
            }

            var ended = (await collector.WaitForExitAsync()).Expect(0);
            Assert.DoesNotContain("xception", ended.Errors, StringComparison.Ordinal);
            var summary = StoreQueries.Json(ended.Lines[^1]);
            Assert.Equal(summary.Number("stored"), await program.CountAsync(_directory.Data));
        }

        await program.CollectAsync(_directory.Data, Log);
        AccessLines.AssertEqual(AccessLines.Lines(0, 6000), await program.RawAsync(_directory.Data));
    }

    [Fact]
    public async Task A_second_collector_hands_its_records_to_the_first()
    {
        File.WriteAllBytes(Log, AccessLines.Lines(0, 300));
        File.WriteAllBytes(_directory["other.log"], AccessLines.Lines(1000, 300));
        await using var first = Watch();
        await program.WaitForCountAsync(_directory.Data, 300, first);
        await using var second = program.Start("collect", "-s", _directory["other.log"], "--watch", "--data", _directory.Data, "-o", "json");
        await program.WaitForCountAsync(_directory.Data, 600, second);
        AccessLines.Append(Log, AccessLines.Lines(300, 200));
        AccessLines.Append(_directory["other.log"], AccessLines.Lines(1300, 200));
        await program.WaitForCountAsync(_directory.Data, 1000, second);
        Assert.Equal(500, await program.CountAsync(_directory.Data, "path:~\"/seq/0001\""));
        var ended = await second.StopAsync();
        Assert.Equal(500, StoreQueries.Json(ended.Lines[^1]).Number("stored"));
        Assert.False(first.HasExited);
        await first.StopAsync();
        byte[] expected = [.. AccessLines.Lines(0, 500), .. AccessLines.Lines(1000, 500)];
        AccessLines.AssertEqual(expected, await program.RawAsync(_directory.Data));
    }

    [Fact]
    public async Task Searches_answer_while_records_come_in()
    {
        await using var collector = Watch();
        var last = 0L;
        for (var round = 0; round < 20; round++)
        {
            AccessLines.Append(Log, AccessLines.Lines(round * 1000, 1000));
            if (round == 0)
            {
                await program.WaitForCountAsync(_directory.Data, 1000, collector);
            }

            var count = await program.CountAsync(_directory.Data);
            Assert.InRange(count, last, (round + 1) * 1000);
            last = count;
        }

        await program.WaitForCountAsync(_directory.Data, 20_000, collector);
        await collector.StopAsync();
    }

    [Theory]
    [InlineData("tail")]
    [InlineData("search")]
    public async Task New_lines_are_shown_as_they_come(string command)
    {
        await using var collector = Watch();
        AccessLines.Append(Log, AccessLines.Lines(0, 1));
        await program.WaitForCountAsync(_directory.Data, 1, collector);
        string[] follow = command == "tail" ? [] : ["--follow"];
        await using var tail = program.Start([command, "path:seq", .. follow, "--data", _directory.Data, "-o", "raw"]);

        // It follows from the moment on that it has attached; so lines are written until it shows one.
        var written = 1;
        await Eventually.HoldsAsync(
            () =>
            {
                AccessLines.Append(Log, AccessLines.Lines(written++, 1));
                return tail.OutputLines.Any(line => line != AccessLines.Line(0));
            },
            () => $"nothing was shown; it said: {string.Join('\n', tail.ErrorLines)}");
        AccessLines.Append(Log, AccessLines.Lines(written, 100));
        var end = written + 100;
        await tail.WaitForOutputAsync(lines => lines.Contains(AccessLines.Line(end - 1)), "the last line");
        var shown = tail.OutputLines.Where(line => line != AccessLines.Line(0)).ToList();
        Assert.Equal(Enumerable.Range(end - shown.Count, shown.Count).Select(AccessLines.Line), shown);
        tail.Interrupt();
        (await tail.WaitForExitAsync()).Expect(0);
        await collector.StopAsync();
    }

    [Fact]
    public async Task Unpacked_fields_are_followed()
    {
        await using var collector = Watch();
        File.WriteAllText(Log, "{\"a\":0}\n");
        await program.WaitForCountAsync(_directory.Data, 1, collector);
        await using var tail = program.Start(["search", "* | unpack_json from payload | filter status:500 | fields path", "--follow", "--data", _directory.Data, "-o", "json"]);
        await Eventually.HoldsAsync(
            () =>
            {
                File.AppendAllText(Log, """{"payload":"{\"status\":200,\"path\":\"/no\"}"}""" + "\n" + """{"payload":"{\"status\":500,\"path\":\"/yes\"}"}""" + "\n");
                return tail.OutputLines.Length > 0;
            },
            () => $"nothing was shown; it said: {string.Join('\n', tail.ErrorLines)}");
        Assert.All(tail.OutputLines, line => Assert.Equal("""{"path":"/yes"}""", line));
        tail.Interrupt();
        (await tail.WaitForExitAsync()).Expect(0);
        await collector.StopAsync();
    }

    RunningProgram Watch() => program.Start("collect", "-s", Log, "--watch", "--data", _directory.Data, "-o", "json");
}
