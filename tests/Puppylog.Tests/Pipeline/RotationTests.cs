using System.IO.Compression;

namespace Puppylog.Tests.Pipeline;

/// <summary>What rotation does to a file besides renaming it: copies, compression, links.</summary>
public sealed class RotationTests
{
    static readonly string Long = new('x', 1500);

    [Fact]
    public async Task Content_cut_and_grown_again_beyond_what_was_read_is_told_by_the_bytes_before_the_position()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, $"{Long}\none\n");
        await bench.WatchAsync(log);
        await bench.PollAsync();
        File.WriteAllText(log, $"{Long}\ntwo\nthree\n");
        await bench.PollAsync();
        Assert.Equal([Long, "one", Long, "two", "three"], bench.Store.Texts);
        bench.Stop();
        File.WriteAllText(log, $"{Long}\nfour\nfive\nsix\n");
        await bench.WatchAsync(log);
        await bench.PollLongAsync();
        Assert.Equal([Long, "one", Long, "two", "three", Long, "four", "five", "six"], bench.Store.Texts);
    }

    [Theory]
    [InlineData("a.log", "a.log.1")]
    [InlineData("a.log", "a.log-20261122.gz")]
    [InlineData("a.log*", "a.log.1")]
    [InlineData("a.log*", "a.log-20261122.gz")]
    public async Task Copy_of_a_file_that_was_cut_gives_what_had_not_been_read_and_nothing_else(string source, string copyName)
    {
        await using var bench = new CollectBench();
        var (log, copy) = (bench.PathOf("a.log"), bench.PathOf(copyName));
        File.WriteAllText(log, "one\ntwo\nth");
        await bench.WatchAsync(bench.PathOf(source));
        await PollAsync(bench);
        File.AppendAllText(log, "ree\nfour\n");
        Copy(log, copy);
        File.WriteAllText(log, "five\n");
        for (var run = 0; run < 3; run++)
        {
            await PollAsync(bench);
            Assert.Equal(["one", "two", "three", "four", "five"], bench.Store.Texts);
            bench.Stop();
            await bench.WatchAsync(bench.PathOf(source));
        }
    }

    [Theory]
    [InlineData("a.log", "a.log.1")]
    [InlineData("a.log", "a.log-20261122.gz")]
    [InlineData("a.log*", "a.log.1")]
    [InlineData("a.log*", "a.log-20261122.gz")]
    public async Task Copy_made_while_nothing_ran_gives_what_had_not_been_read(string source, string copyName)
    {
        await using var bench = new CollectBench();
        var (log, copy) = (bench.PathOf("a.log"), bench.PathOf(copyName));
        File.WriteAllText(log, "one\ntwo\nth");
        await bench.WatchAsync(bench.PathOf(source));
        await PollAsync(bench);
        bench.Stop();
        File.AppendAllText(log, "ree\nfour\n");
        Copy(log, copy);
        File.WriteAllText(log, "five\n");
        for (var run = 0; run < 3; run++)
        {
            await bench.WatchAsync(bench.PathOf(source));
            await PollAsync(bench);
            Assert.Equal(["five", "four", "one", "three", "two"], bench.Store.Texts.Order());
            bench.Stop();
        }
    }

    [Fact]
    public async Task Copy_of_which_all_was_read_is_known_when_it_is_compressed_later()
    {
        await using var bench = new CollectBench();
        var (log, copy) = (bench.PathOf("a.log"), bench.PathOf("a.log.1"));
        File.WriteAllText(log, "one\ntwo\n");
        await bench.WatchAsync(bench.PathOf("a.log*"));
        await PollAsync(bench);
        File.Copy(log, copy);
        await PollAsync(bench);
        File.WriteAllText(log, "");
        await PollAsync(bench);
        Compress(copy);
        File.WriteAllText(log, "three\n");
        await PollAsync(bench);
        bench.Stop();
        File.Move(copy + ".gz", bench.PathOf("a.log.2.gz"));
        await bench.WatchAsync(bench.PathOf("a.log*"));
        await PollAsync(bench);
        Assert.Equal(["one", "two", "three"], bench.Store.Texts);
    }

    [Fact]
    public async Task File_that_is_compressed_while_nothing_runs_is_read_from_where_it_was_left()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, $"one\n{Long}\ntwo\n");
        await bench.WatchAsync(log);
        await bench.PollAsync();
        bench.Stop();
        File.AppendAllText(log, "three\n");
        Rotate(log, ".3");
        File.WriteAllText(log, "four\n");
        Rotate(log, ".2");
        File.WriteAllText(log, "five\n");
        File.Move(log, log + ".1");
        File.WriteAllText(log, "six\n");
        for (var run = 0; run < 3; run++)
        {
            await bench.WatchAsync(log);
            await bench.PollLongAsync();
            await bench.PollLongAsync();
            Assert.Equal(["one", Long, "two", "three", "four", "five", "six"], bench.Store.Texts);
            bench.Stop();
        }

        static void Rotate(string log, string ending)
        {
            File.Move(log, log + ending);
            Thread.Sleep(10);
            Compress(log + ending);
        }
    }

    [Fact]
    public async Task File_compressed_after_it_was_renamed_while_it_is_read_gives_its_lines_once()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "one\n");
        await bench.WatchAsync(bench.PathOf("a.log*"));
        await bench.PollAsync();
        File.AppendAllText(log, "two\n");
        File.Move(log, log + ".1");
        File.WriteAllText(log, "three\n");
        await bench.PollAsync();
        Compress(log + ".1");
        for (var run = 0; run < 2; run++)
        {
            for (var poll = 0; poll < 10; poll++)
            {
                bench.Clock.Advance(TimeSpan.FromSeconds(10));
                await PollAsync(bench);
            }

            Assert.Equal(["one", "two", "three"], bench.Store.Texts);
            bench.Stop();
            await bench.WatchAsync(bench.PathOf("a.log*"));
        }
    }

    [Fact]
    public async Task First_start_reads_only_the_names_that_match()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log + ".2", "old\n");
        Compress(log + ".2");
        File.WriteAllText(log + ".1", "older\n");
        File.WriteAllText(log, "one\n");
        await bench.WatchAsync(log);
        await bench.PollLongAsync();
        File.Move(log + ".2.gz", log + ".3.gz");
        Compress(log + ".1");
        File.Move(log + ".1.gz", log + ".2.gz");
        File.Move(log, log + ".1");
        File.WriteAllText(log, "two\n");
        await bench.PollLongAsync();
        bench.Stop();
        Compress(log + ".1");
        await bench.WatchAsync(log);
        await bench.PollLongAsync();
        Assert.Equal(["one", "two"], bench.Store.Texts);
    }

    [Fact]
    public async Task Link_that_points_elsewhere_is_followed_and_what_it_pointed_to_is_read_to_its_end()
    {
        await using var bench = new CollectBench();
        Directory.CreateDirectory(bench.PathOf("pod"));
        Directory.CreateDirectory(bench.PathOf("links"));
        var (link, zero, one) = (bench.PathOf("links/app.log"), bench.PathOf("pod/0.log"), bench.PathOf("pod/1.log"));
        File.WriteAllText(zero, "one\n");
        File.CreateSymbolicLink(link, zero);
        await bench.WatchAsync(link);
        await bench.PollAsync();
        File.AppendAllText(zero, "two\n");
        File.WriteAllText(one, "three\n");
        Relink(link, one);
        await bench.PollLongAsync();
        Assert.Equal(["one", "two", "three"], bench.Store.Texts);
        bench.Stop();
        File.AppendAllText(one, "four\n");
        File.Move(one, bench.PathOf("pod/1.log.20261122-080000"));
        File.WriteAllText(one, "five\n");
        await bench.WatchAsync(link);
        await bench.PollLongAsync();
        Assert.Equal(["one", "two", "three", "four", "five"], bench.Store.Texts);
        File.AppendAllText(one, "six\n");
        File.Move(one, bench.PathOf("pod/1.log.20261122-090000"));
        File.WriteAllText(one, "seven\n");
        await bench.PollLongAsync();
        Assert.Equal(["one", "two", "three", "four", "five", "six", "seven"], bench.Store.Texts);
    }

    [Fact]
    public async Task Two_files_that_begin_with_the_same_kilobyte_are_two_files()
    {
        await using var bench = new CollectBench();
        var (a, b) = (bench.PathOf("a.log"), bench.PathOf("b.log"));
        File.WriteAllText(a, $"{Long}\na one\n");
        File.WriteAllText(b, $"{Long}\nb one\n");
        await bench.WatchAsync(bench.PathOf("*.log"));
        await PollAsync(bench);
        bench.Stop();
        File.AppendAllText(a, "a two\n");
        File.Move(a, a + ".2");
        Thread.Sleep(10);
        File.WriteAllText(a, $"{Long}\na three and something\n");
        File.Move(a, a + ".1");
        Thread.Sleep(10);
        File.WriteAllText(a, $"{Long}\na four\n");
        await bench.WatchAsync(bench.PathOf("*.log"));
        await PollAsync(bench);
        Assert.Equal(["a four", "a one", "a three and something", "a two", "b one"], bench.Store.Texts.Where(text => text != Long).Order());
        Assert.Equal(4, bench.Store.Texts.Count(text => text == Long));
    }

    [Fact]
    public async Task Hard_links_and_two_patterns_on_one_file_read_it_once()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "one\n");
        Assert.Equal(0, HardLink(log, bench.PathOf("b.log")));
        await bench.WatchAsync(bench.PathOf("*.log"), bench.PathOf("a*"), bench.PathOf("b.log"));
        await PollAsync(bench);
        File.AppendAllText(bench.PathOf("b.log"), "two\n");
        await PollAsync(bench);
        File.Delete(log);
        await PollAsync(bench);
        File.AppendAllText(bench.PathOf("b.log"), "three\n");
        await PollAsync(bench);
        bench.Stop();
        await bench.WatchAsync(bench.PathOf("*.log"), bench.PathOf("a*"), bench.PathOf("b.log"));
        await PollAsync(bench);
        Assert.Equal(["one", "two", "three"], bench.Store.Texts);
    }

    [Fact]
    public async Task Backup_of_a_file_that_is_read_is_no_second_file_where_its_name_says_so()
    {
        await using var bench = new CollectBench();
        var log = bench.PathOf("a.log");
        File.WriteAllText(log, "one\ntwo\n");
        await bench.WatchAsync(bench.PathOf("a*"));
        await PollAsync(bench);
        File.Copy(log, log + ".bak");
        File.Copy(log, bench.PathOf("a-other.log"));
        File.AppendAllText(log, "three\n");
        await PollAsync(bench);
        Assert.Equal(["one", "two", "one", "two", "three"], bench.Store.Texts.OrderBy(text => text == "three"));
    }

    static void Copy(string log, string copy)
    {
        if (copy.EndsWith(".gz", StringComparison.Ordinal))
        {
            File.Copy(log, copy[..^3]);
            Compress(copy[..^3]);
        }
        else
        {
            File.Copy(log, copy);
        }
    }

    /// <summary>As gzip(1) does: the original goes, its time of modification stays.</summary>
    static void Compress(string path)
    {
        using (var target = new GZipStream(File.Create(path + ".gz"), CompressionLevel.Fastest))
        {
            target.Write(File.ReadAllBytes(path));
        }

        File.SetLastWriteTimeUtc(path + ".gz", File.GetLastWriteTimeUtc(path));
        File.Delete(path);
    }

    static void Relink(string link, string target)
    {
        File.CreateSymbolicLink(link + ".new", target);
        File.Move(link + ".new", link, overwrite: true);
    }

    static int HardLink(string existing, string name)
    {
        using var ln = System.Diagnostics.Process.Start("ln", [existing, name]);
        ln.WaitForExit();
        return ln.ExitCode;
    }

    /// <summary>Long enough for patterns to be looked at again.</summary>
    static async Task PollAsync(CollectBench bench)
    {
        for (var round = 0; round < 3; round++)
        {
            await bench.PollLongAsync();
            bench.Clock.Advance(TimeSpan.FromSeconds(10));
        }
    }
}
