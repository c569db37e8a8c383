using Puppylog.App.Cli;
using Puppylog.App.Watch;
using Puppylog.Tests.Played;

namespace Puppylog.Tests.Watch;

public sealed class FileFeedTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("puppylog-feed").FullName;
    readonly PlayedClock _clock = new();
    readonly RecordedSink _sink = new();

    string Log => Path.Combine(_directory, "access.log");

    [Fact]
    public async Task Replay_reads_from_the_beginning_to_the_end()
    {
        await WriteAsync(Line("/a") + Line("/b").TrimEnd('\n'));
        await new FileFeed(Log, "combined", replay: true, _clock).RunAsync(_sink, TestContext.Current.CancellationToken);
        Assert.Equal(["/a", "/b"], _sink.Sections);
    }

    [Fact]
    public async Task Replay_of_what_is_no_file_is_a_mistake_of_the_user()
    {
        var missing = await Assert.ThrowsAsync<UsageException>(() => Feed(Log, replay: true));
        Assert.Contains("does not exist", missing.Message, StringComparison.Ordinal);
        var directory = await Assert.ThrowsAsync<UsageException>(() => Feed(_directory, replay: true));
        Assert.Contains("is a directory", directory.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<UsageException>(() => Feed(_directory, replay: false));
    }

    [Fact]
    public async Task Live_begins_at_the_end_with_the_line_that_is_being_written()
    {
        var half = Line("/half/x");
        await WriteAsync(Line("/old") + half[..20]);
        await FollowAsync(async () =>
        {
            await PassTimeAsync(4);
            Assert.Empty(_sink.Sections);
            await AppendAsync(half[20..] + Line("/new"));
            await ExpectAsync("/half", "/new");
        });
    }

    [Fact]
    public async Task Rename_and_create_is_followed_and_the_old_files_last_lines_count()
    {
        await WriteAsync(Line("/old"));
        await FollowAsync(async () =>
        {
            await PassTimeAsync(2);
            await AppendAsync(Line("/1"));
            await ExpectAsync("/1");
            await AppendAsync(Line("/2"));
            File.Move(Log, Log + ".1");
            await PassTimeAsync(2);
            await File.AppendAllTextAsync(Log + ".1", Line("/3"));
            await WriteAsync(Line("/4"));
            await ExpectAsync("/1", "/2", "/3", "/4");
            await AppendAsync(Line("/5"));
            await ExpectAsync("/1", "/2", "/3", "/4", "/5");
        });
    }

    [Fact]
    public async Task Truncation_is_followed()
    {
        await WriteAsync(Line("/old") + Line("/old"));
        await FollowAsync(async () =>
        {
            await PassTimeAsync(2);
            await WriteAsync(Line("/new"));
            await ExpectAsync("/new");
            await PassTimeAsync(2);
            await AppendAsync(Line("/more"));
            await ExpectAsync("/new", "/more");
        });
    }

    [Fact]
    public async Task File_that_comes_later_is_read_from_its_beginning() => await FollowAsync(async () =>
    {
        await PassTimeAsync(2);
        await WriteAsync(Line("/first"));
        await ExpectAsync("/first");
    });

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    static string Line(string route) => $"10.0.0.1 - - [21/Nov/2026:14:00:00 +0000] \"GET {route} HTTP/1.1\" 200 100 \"-\" \"-\"\n";

    Task Feed(string path, bool replay) => new FileFeed(path, "combined", replay, _clock).RunAsync(_sink, TestContext.Current.CancellationToken);

    Task WriteAsync(string text) => File.WriteAllTextAsync(Log, text);

    Task AppendAsync(string text) => File.AppendAllTextAsync(Log, text);

    async Task FollowAsync(Func<Task> script)
    {
        using var stop = new CancellationTokenSource();
        var reading = Task.Run(() => new FileFeed(Log, "combined", replay: false, _clock).RunAsync(_sink, stop.Token), CancellationToken.None);
        try
        {
            await script();
        }
        finally
        {
            await stop.CancelAsync();
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    /// <summary>Lets the feed look at the file several times.</summary>
    async Task PassTimeAsync(int polls)
    {
        for (var i = 0; i < polls; i++)
        {
            await Task.Delay(20);
            _clock.Advance(TimeSpan.FromMilliseconds(250));
        }

        await Task.Delay(20);
    }

    async Task ExpectAsync(params string[] sections)
    {
        for (var attempt = 0; attempt < 500 && _sink.Sections.Length < sections.Length; attempt++)
        {
            await PassTimeAsync(1);
        }

        await PassTimeAsync(2);
        Assert.Equal(sections, _sink.Sections);
    }
}
