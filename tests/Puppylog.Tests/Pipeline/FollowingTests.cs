namespace Puppylog.Tests.Pipeline;

public sealed class FollowingTests
{
    [Fact]
    public async Task Appended_lines_are_read_once_and_a_partial_one_waits_for_its_rest()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "one\ntwo\nthr");
        await bench.WatchAsync(log);
        await bench.PollAsync();
        Assert.Equal(["one", "two"], bench.Store.Texts);
        File.AppendAllText(log, "ee\nfour\n");
        await bench.PollAsync();
        Assert.Equal(["one", "two", "three", "four"], bench.Store.Texts);
        Assert.Equal(19, Assert.Single(bench.Store.Positions.Values).Offset);
    }

    [Fact]
    public async Task Content_written_again_counts_again_with_or_without_a_look_between()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "one\ntwo\n");
        await bench.WatchAsync(log);
        await bench.PollAsync();
        await Task.Delay(10, TestContext.Current.CancellationToken);
        File.WriteAllText(log, "one\ntwo\n");
        await bench.PollAsync();
        File.WriteAllText(log, "");
        await bench.PollAsync();
        File.WriteAllText(log, "one\ntwo\n");
        await bench.PollAsync();
        Assert.Equal(["one", "two", "one", "two", "one", "two"], bench.Store.Texts);
        Assert.Equal(2, Assert.Single(bench.Store.Positions.Values).Generation);
    }

    [Fact]
    public async Task Touch_reads_nothing_again()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "one\n");
        await bench.WatchAsync(log);
        await bench.PollAsync();
        File.SetLastWriteTimeUtc(log, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await bench.PollAsync();
        File.AppendAllText(log, "two\n");
        await bench.PollAsync();
        File.SetLastWriteTimeUtc(log, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await bench.PollAsync();
        Assert.Equal(["one", "two"], bench.Store.Texts);
    }

    [Fact]
    public async Task Other_content_that_is_longer_is_read_from_its_beginning()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "one\n");
        await bench.WatchAsync(log);
        await bench.PollAsync();
        File.WriteAllText(log, "uno\ndue\n");
        await bench.PollAsync();
        Assert.Equal(["one", "uno", "due"], bench.Store.Texts);
    }

    [Fact]
    public async Task Renamed_file_is_read_to_its_end_before_the_new_one()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "one\n");
        await bench.WatchAsync(log);
        await bench.PollAsync();
        File.AppendAllText(log, "two\n");
        File.Move(log, bench.PathOf("a.log.1"));
        await bench.PollAsync();
        File.AppendAllText(bench.PathOf("a.log.1"), "three\n");
        File.WriteAllText(log, "five\n");
        await bench.PollAsync();
        File.AppendAllText(bench.PathOf("a.log.1"), "four without newline");
        await bench.PollLongAsync();
        Assert.Equal(["one", "two", "three", "four without newline", "five"], bench.Store.Texts);
        Assert.Equal(2, bench.Store.Positions.Count);
        Assert.All(bench.Store.Lines, line => Assert.Equal(log, line.Fields["file_path"]));
    }

    [Fact]
    public async Task Late_lines_of_a_writer_that_still_has_the_renamed_file_are_read_for_a_minute_of_silence()
    {
        await using var bench = new CollectBench();
        var (log, old) = (bench.PathOf("a.log"), bench.PathOf("a.log.1"));
        File.WriteAllText(log, "one\n");
        await bench.WatchAsync(log);
        await bench.PollAsync();
        File.Move(log, old);
        File.WriteAllText(log, "two\n");
        await bench.PollLongAsync();
        bench.Clock.Advance(TimeSpan.FromSeconds(50));
        File.AppendAllText(old, "three\n");
        await bench.PollAsync();
        bench.Clock.Advance(TimeSpan.FromSeconds(50));
        File.AppendAllText(old, "four\n");
        await bench.PollAsync();
        bench.Clock.Advance(TimeSpan.FromSeconds(70));
        await bench.PollAsync();
        File.AppendAllText(old, "five\n");
        File.AppendAllText(log, "six\n");
        await bench.PollLongAsync();
        Assert.Equal(["one", "two", "three", "four", "six"], bench.Store.Texts);
        bench.Stop();
        await bench.WatchAsync(log);
        await bench.PollLongAsync();
        Assert.Equal(["one", "two", "three", "four", "six", "five"], bench.Store.Texts);
    }

    [Fact]
    public async Task File_renamed_away_and_back_goes_on()
    {
        await using var bench = new CollectBench();
        var (log, away) = (bench.PathOf("a.log"), bench.PathOf("away.log"));
        File.WriteAllText(log, "one\n");
        await bench.WatchAsync(log);
        await bench.PollAsync();
        File.Move(log, away);
        File.WriteAllText(log, "two\n");
        await bench.PollAsync();
        File.Move(away, log, overwrite: true);
        File.AppendAllText(log, "three\n");
        await bench.PollLongAsync();
        await bench.PollLongAsync();
        Assert.Equal(["one", "three", "two"], bench.Store.Texts.Order());
        File.AppendAllText(log, "four\n");
        await bench.PollLongAsync();
        Assert.Equal("four", bench.Store.Texts.Last());
        Assert.Equal(4, bench.Store.Lines.Count);
    }

    [Fact]
    public async Task File_replaced_twice_between_two_looks_loses_no_line_that_was_seen()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "one\n");
        await bench.WatchAsync(log);
        await bench.PollAsync();
        File.Move(log, bench.PathOf("a.log.1"));
        File.WriteAllText(log, "two\n");
        await bench.PollAsync();
        File.Move(log, bench.PathOf("a.log.1"), overwrite: true);
        File.WriteAllText(log, "three\n");
        await bench.PollLongAsync();
        await bench.PollLongAsync();
        Assert.Equal(["one", "two", "three"], bench.Store.Texts);
    }

    [Fact]
    public async Task Files_that_came_and_were_renamed_between_two_looks_are_read()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "one\n");
        await bench.WatchAsync(log);
        await bench.PollAsync();
        File.Copy(log, log + ".bak");
        foreach (var (line, rotated) in new[] { ("two\n", ".3"), ("three\n", ".2"), ("four\n", ".1") })
        {
            File.Move(log, log + rotated);
            // Times of birth are as coarse as the kernel's tick.
            await Task.Delay(20, TestContext.Current.CancellationToken);
            File.WriteAllText(log, line);
        }

        await bench.PollLongAsync();
        Assert.Equal(["one", "two", "three", "four"], bench.Store.Texts);
        Assert.Equal(4, bench.Store.Positions.Count);
    }

    [Fact]
    public async Task Missing_file_is_waited_for_and_that_is_said_once()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        await bench.WatchAsync(log);
        await bench.PollAsync();
        await bench.PollAsync();
        Assert.Equal([$"waiting for {log}"], bench.Report.Notices);
        File.WriteAllText(log, "one\n");
        await bench.PollAsync();
        File.Delete(log);
        await bench.PollAsync();
        File.WriteAllText(log, "one\n");
        await bench.PollLongAsync();
        Assert.Equal(["one", "one"], bench.Store.Texts);
    }

    [Fact]
    public async Task Recreated_file_with_the_inode_and_the_content_of_the_old_one_is_read_again()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        for (var time = 0; time < 3; time++)
        {
            File.WriteAllText(log, "one\n");
            await bench.WatchAsync(log);
            await bench.PollAsync();
            bench.Stop();
            File.Delete(log);
        }

        Assert.Equal(["one", "one", "one"], bench.Store.Texts);
    }

    [Fact]
    public async Task Restart_goes_on_where_the_last_run_stopped_and_finds_the_rotated_rest()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "one\ntw");
        await bench.WatchAsync(log);
        await bench.PollAsync();
        bench.Stop();
        File.AppendAllText(log, "o\nthree\n");
        File.Move(log, bench.PathOf("a.log.1"));
        File.WriteAllText(log, "four\n");
        await bench.WatchAsync(log);
        await bench.PollLongAsync();
        bench.Stop();
        await bench.WatchAsync(log);
        await bench.PollLongAsync();
        Assert.Equal(["one", "two", "three", "four"], bench.Store.Texts);
    }

    [Fact]
    public async Task Files_whose_turn_had_not_come_are_found_after_a_restart()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "one\n");
        await bench.WatchAsync(log);
        await bench.PollAsync();
        File.Move(log, bench.PathOf("a.log.2"));
        File.WriteAllText(log, "two\n");
        await bench.PollAsync();
        Assert.Equal(["one"], bench.Store.Texts);
        bench.Stop();
        File.Move(log, bench.PathOf("a.log.1"));
        File.WriteAllText(log, "three\n");
        await bench.WatchAsync(log);
        await bench.PollLongAsync();
        Assert.Equal(["one", "two", "three"], bench.Store.Texts);
    }

    [Fact]
    public async Task Several_rotations_while_nothing_ran_lose_nothing_and_copies_are_not_read()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "one\n");
        await bench.WatchAsync(log);
        await bench.PollAsync();
        bench.Stop();
        File.Copy(log, bench.PathOf("a.log.copy"));
        File.WriteAllText(bench.PathOf("b.log"), "stranger\n");
        File.AppendAllText(log, "two\n");
        File.Move(log, bench.PathOf("a.log.3"));
        File.WriteAllText(log, "three\n");
        File.Move(log, bench.PathOf("a.log.2"));
        File.WriteAllText(log, "four\n");
        File.Move(log, bench.PathOf("a.log.1"));
        File.WriteAllText(log, "five\n");
        for (var run = 0; run < 2; run++)
        {
            await bench.WatchAsync(log);
            await bench.PollLongAsync();
            await bench.PollLongAsync();
            bench.Stop();
        }

        Assert.Equal(["one", "two", "three", "four", "five"], bench.Store.Texts);
    }

    [Fact]
    public async Task One_file_under_several_names_is_read_once()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "one\n");
        File.CreateSymbolicLink(bench.PathOf("link.log"), log);
        await bench.WatchAsync(log, log, bench.PathOf("link.log"));
        await bench.PollAsync();
        Assert.Equal(["one"], bench.Store.Texts);
        Assert.Contains(bench.Report.Notices, notice => notice.Contains("is the same file as", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_that_change_places_with_a_watched_file_double_nothing()
    {
        await using var bench = new CollectBench();
        var (log, old) = (bench.PathOf("a.log"), bench.PathOf("a.log.1"));
        File.WriteAllText(log, "one\n");
        await bench.WatchAsync(log, old);
        await bench.PollAsync();
        File.Move(log, old);
        File.WriteAllText(log, "two\n");
        await bench.PollLongAsync();
        File.AppendAllText(old, "three\n");
        await bench.PollLongAsync();
        Assert.Equal(["one", "three", "two"], bench.Store.Texts.Order());
    }
}
