using System.IO.Compression;
using System.Text;
using Puppylog.App.Cli;
using Puppylog.App.Watch;
using Puppylog.Parsing.Multiline;
using Puppylog.Tests.Played;

namespace Puppylog.Tests.Watch;

public sealed class LogReaderTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("puppylog-feed").FullName;
    readonly PlayedClock _clock = new();
    readonly RecordedSink _sink = new();
    readonly List<string> _notices = [];
    LogReader? _reader;

    string Log => Path.Combine(_directory, "access.log");

    [Fact]
    public void Replay_reads_one_source_after_the_other_from_the_beginning_to_the_end()
    {
        Write(Line("/c") + Line("/d").TrimEnd('\n'));
        var packed = Path.Combine(_directory, "access.log.1.gz");
        using (var file = new GZipStream(File.Create(packed), CompressionLevel.Fastest))
        {
            file.Write(Encoding.ASCII.GetBytes(Line("/a") + Line("/b")));
        }

        var replay = Feed(replay: true, packed, Log, "-");
        Assert.False(replay.IsRepeatable);
        Poll(replay);
        for (var attempt = 0; !_reader!.IsEnded && attempt < 1000; attempt++)
        {
            // Stdin is read by a thread of its own.
            Thread.Sleep(10);
            _reader.Step();
        }

        Assert.Equal(["/a", "/b", "/c", "/d", "/stdin"], _sink.Sections);
        Assert.True(Feed(replay: true, packed, Log).IsRepeatable);
    }

    [Fact]
    public void Replay_of_what_is_no_file_is_a_mistake_of_the_user()
    {
        Assert.Contains("no such file", Assert.Throws<UsageException>(() => Poll(Feed(replay: true, Log))).Message, StringComparison.Ordinal);
        Assert.Contains("is a directory", Assert.Throws<UsageException>(() => Poll(Feed(replay: true, _directory))).Message, StringComparison.Ordinal);
        Assert.Throws<UsageException>(() => Poll(Feed(replay: false, _directory)));
        Write(Line("/a"));
        Poll(Feed(replay: false, _directory, Log));
        Assert.Contains("is a directory", Assert.Single(_notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Live_begins_at_the_end_with_the_line_that_is_being_written()
    {
        var half = Line("/half/x");
        Write(Line("/old") + half[..20]);
        Poll(Feed(replay: false, Log));
        Assert.Empty(_sink.Sections);
        Append(half[20..] + Line("/new"));
        Poll();
        Assert.Equal(["/half", "/new"], _sink.Sections);
        Assert.Equal(0, _sink.Invalid);
    }

    [Fact]
    public void Half_a_line_that_was_there_at_the_start_is_no_hit_when_the_file_is_cut()
    {
        Write(Line("/old") + Line("/whole/but/unended").TrimEnd('\n'));
        Poll(Feed(replay: false, Log));
        Write(Line("/new"));
        Poll();
        Assert.Equal(["/new"], _sink.Sections);
    }

    [Fact]
    public void Line_longer_than_what_is_looked_back_for_begins_at_the_end()
    {
        Write(Line("/old") + new string('x', 100_000));
        Poll(Feed(replay: false, Log));
        Append("x\n" + Line("/new"));
        Poll();
        Assert.Equal(["/new"], _sink.Sections);
        Assert.Equal(1, _sink.Invalid);
    }

    [Fact]
    public void Truncation_and_longer_content_than_before_are_followed()
    {
        Write(Line("/old") + Line("/old"));
        Poll(Feed(replay: false, Log));
        Write(Line("/1"));
        Poll();
        Write(Line("/2/another/and/longer") + Line("/3") + Line("/4") + Line("/5"));
        Poll();
        Append(Line("/6"));
        Poll();
        Assert.Equal(["/1", "/2", "/3", "/4", "/5", "/6"], _sink.Sections);
    }

    [Fact]
    public void Rename_and_create_is_followed_and_the_old_files_last_lines_count()
    {
        Write(Line("/old"));
        Poll(Feed(replay: false, Log));
        Append(Line("/1"));
        File.Move(Log, Log + ".1");
        Poll();
        File.AppendAllText(Log + ".1", Line("/2"));
        Write(Line("/3"));
        Poll();
        _clock.Advance(TimeSpan.FromSeconds(2));
        Poll();
        Append(Line("/4"));
        Poll();
        Assert.Equal(["/1", "/2", "/3", "/4"], _sink.Sections);
    }

    [Fact]
    public void File_that_comes_later_is_read_from_its_beginning_beside_the_others()
    {
        var other = Path.Combine(_directory, "other.log");
        File.WriteAllText(other, Line("/old"));
        Poll(Feed(replay: false, other, Log));
        Assert.Contains("waiting for", Assert.Single(_notices), StringComparison.Ordinal);
        Write(Line("/first"));
        Poll();
        File.AppendAllText(other, Line("/second"));
        Poll();
        Assert.Equal(["/first", "/second"], _sink.Sections);
    }

    [Fact]
    public void Line_without_end_is_invalid_and_what_follows_counts()
    {
        Write("");
        Poll(Feed(replay: false, Log));
        Append(new string('x', 5 << 20) + "\n" + Line("/after"));
        Poll();
        Assert.Equal(["/after"], _sink.Sections);
        Assert.Equal(1, _sink.Invalid);
    }

    [Fact]
    public void Lines_of_a_record_are_one_hit_and_the_last_one_waits_for_half_a_second()
    {
        const string Record = "2026-11-21 14:00:05 GET /a\n  more\n";
        Write(Record);
        var feed = Feed(replay: false, Log) with { Lines = new("text", JoinRule.Auto) };
        Poll(feed);
        Append(Record + Record);
        _clock.Advance(TimeSpan.FromSeconds(1));
        while (_reader!.Step())
        {
        }

        Assert.Equal(1, _sink.Records);
        Append("  and more\n");
        while (_reader!.Step())
        {
        }

        _clock.Advance(TimeSpan.FromMilliseconds(499));
        while (_reader!.Step())
        {
        }

        Assert.Equal(1, _sink.Records);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        _reader.Step();
        Assert.Equal(2, _sink.Records);
        Append("2026-11-21 14:00:06 end" + new string('x', 2 << 20) + "\n");
        Poll();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Poll();
        Assert.Equal((2, 1), (_sink.Records, _sink.Invalid));
    }

    [Fact]
    public void Replay_gives_the_last_record_when_the_source_ends()
    {
        Write("2026-11-21 14:00:05 GET /a\n  more\n2026-11-21 14:00:05 GET /b\n  more");
        Poll(Feed(replay: true, Log) with { Lines = new("auto", JoinRule.Auto) });
        Assert.Equal(2, _sink.Records);
        Poll(Feed(replay: true, Log) with { Lines = new("auto", JoinRule.Off) });
        Assert.Equal(6, _sink.Records);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void Text_with_a_byte_order_mark_is_decoded(string encoding)
    {
        File.WriteAllText(Log, Line("/old") + Line("/n")[..10], Encoding.GetEncoding(encoding));
        var feed = Feed(replay: false, Log) with { Lines = new("auto", JoinRule.Auto) };
        Poll(feed);
        using (var file = new FileStream(Log, FileMode.Append))
        {
            file.Write(Encoding.GetEncoding(encoding).GetBytes(Line("/n")[10..]));
        }

        Poll();
        Assert.Equal(["/n"], _sink.Sections);
        Poll(feed with { Replay = true });
        Assert.Equal(["/n", "/old", "/n"], _sink.Sections);
    }

    [Fact]
    public void Random_bytes_neither_throw_nor_stop_what_follows()
    {
        var random = new Random(5);
        using (var file = File.Create(Log))
        {
            for (var i = 0; i < 200; i++)
            {
                var junk = new byte[random.Next(3000)];
                random.NextBytes(junk);
                file.Write(junk);
            }
        }

        Append("\n" + Line("/last/x"));
        Poll(Feed(replay: true, Log));
        Assert.Equal("/last", _sink.Sections[^1]);
        Assert.NotEqual(0, _sink.Invalid);
    }

    public void Dispose()
    {
        _reader?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    static string Line(string route) => $"10.0.0.1 - - [21/Nov/2026:14:00:00 +0000] \"GET {route} HTTP/1.1\" 200 100 \"-\" \"-\"\n";

    LogFeed Feed(bool replay, params string[] names) =>
        new(names, new("combined", JoinRule.Auto), replay, _notices.Add, () => new MemoryStream(Encoding.ASCII.GetBytes(Line("/stdin"))), _clock);

    void Write(string text) => File.WriteAllText(Log, text);

    void Append(string text) => File.AppendAllText(Log, text);

    /// <summary>Takes everything that there is, and decides about content written again.</summary>
    void Poll(LogFeed? feed = null)
    {
        if (feed is not null)
        {
            _reader?.Dispose();
            _reader = new LogReader(feed, _sink);
        }

        for (var round = 0; round < 3; round++)
        {
            while (_reader!.Step())
            {
            }

            _clock.Advance(TimeSpan.FromMilliseconds(150));
        }
    }
}
