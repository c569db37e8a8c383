using Puppylog.Alerts.Outbox;
using Puppylog.Storage.Embedded.Files;
using Puppylog.Tests.Alerts.Notices;
using Puppylog.Tests.Storage.Embedded;

namespace Puppylog.Tests.Alerts.Outbox;

public sealed class OutboxTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    string Path => System.IO.Path.Combine(_directory.Path, "outbox.jsonl");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Notice_waits_for_each_receiver_until_it_was_told(bool inFile) => With(inFile, outbox =>
    {
        Assert.Equal(4, outbox.Put(["a", "b"], [SampleNotices.Firing(1), SampleNotices.Firing(2)]));
        outbox.Told("a", [SampleNotices.Firing(1).Key]);
        Assert.Equal([2], Numbers(outbox, "a"));
        Assert.Equal([1, 2], Numbers(outbox, "b"));
        Assert.Equal([1], outbox.Pending("b", 1).Select(Number));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Key_that_waits_or_was_told_is_not_taken_again(bool inFile) => With(inFile, outbox =>
    {
        outbox.Put(["a"], [SampleNotices.Firing(1), SampleNotices.Firing(1)]);
        Assert.Equal(0, outbox.Put(["a"], [SampleNotices.Firing(1)]));
        outbox.Told("a", [SampleNotices.Firing(1).Key]);
        Assert.Equal(0, outbox.Put(["a"], [SampleNotices.Firing(1)]));
        Assert.Empty(Numbers(outbox, "a"));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Failures_are_counted_until_it_works_again(bool inFile) => With(inFile, outbox =>
    {
        outbox.Put(["a"], [SampleNotices.Firing(1)]);
        outbox.Failed("a", new(3, 17, "no"));
        Assert.Equal(new OutboxAttempts(3, 17, "no"), outbox.Attempts("a"));
        outbox.Told("a", [SampleNotices.Firing(1).Key]);
        Assert.Equal(default, outbox.Attempts("a"));
    });

    [Fact]
    public void Restart_finds_what_waits_what_was_told_and_what_failed()
    {
        using (var outbox = Open())
        {
            outbox.Put(["a", "b"], [SampleNotices.Firing(1), SampleNotices.Firing(2)]);
            outbox.Told("a", [SampleNotices.Firing(1).Key]);
            outbox.Failed("b", new(2, 99, "answered 500"));
        }

        using var again = Open();
        Assert.Equal([2], Numbers(again, "a"));
        Assert.Equal([1, 2], Numbers(again, "b"));
        Assert.Equal(new OutboxAttempts(2, 99, "answered 500"), again.Attempts("b"));
        Assert.Equal(0, again.Put(["a"], [SampleNotices.Firing(1)]));
        Assert.Equivalent(SampleNotices.Firing(2), again.Pending("a", 1).Single(), strict: true);
    }

    [Fact]
    public void Crash_at_any_byte_loses_nothing_that_was_kept_and_takes_the_key_again()
    {
        using (var outbox = Open())
        {
            outbox.Put(["a"], [SampleNotices.Firing(1)]);
            outbox.Put(["a"], [SampleNotices.Firing(2)]);
            outbox.Told("a", [SampleNotices.Firing(1).Key]);
        }

        var whole = File.ReadAllBytes(Path);
        var ends = whole.Index().Where(entry => entry.Item == '\n').Select(entry => entry.Index + 1).ToArray();
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            using (var torn = Open())
            {
                int[] expected = ends.Count(end => end <= length) switch { 0 => [], 1 => [1], 2 => [1, 2], _ => [2] };
                Assert.Equal(expected, Numbers(torn, "a"));
                Assert.Equal(0, torn.Unreadable);
                torn.Put(["a"], [SampleNotices.Firing(1), SampleNotices.Firing(2), SampleNotices.Firing(3)]);
            }

            using var again = Open();
            Assert.Equal(length == whole.Length ? [2, 3] : [1, 2, 3], Numbers(again, "a"));
        }
    }

    [Fact]
    public void Line_that_says_nothing_is_counted_and_the_rest_is_read()
    {
        using (var outbox = Open())
        {
            outbox.Put(["a"], [SampleNotices.Firing(1)]);
        }

        File.WriteAllText(Path, "{}\nnonsense\n[1]\n{\"receiver\":\"a\"}\n" + File.ReadAllText(Path));
        using var again = Open();
        Assert.Equal((4, 1), (again.Unreadable, again.Pending("a", 9).Count));
    }

    [Fact]
    public void File_is_written_anew_before_it_grows_without_end()
    {
        using (var outbox = Open())
        {
            outbox.Put(["b"], [SampleNotices.Firing(0)]);
            var large = SampleNotices.Firing(0) with { Samples = [new string('x', 100_000)] };
            for (var number = 1; number <= 200; number++)
            {
                outbox.Put(["a"], [large with { Key = $"{number}" }]);
                outbox.Told("a", [$"{number}"]);
            }
        }

        Assert.InRange(new FileInfo(Path).Length, 1, 10 << 20);
        using var again = Open();
        Assert.Equal([0], Numbers(again, "b"));
        Assert.Empty(Numbers(again, "a"));
        Assert.Equal(0, again.Put(["a"], [SampleNotices.Firing(0) with { Key = "1" }]));
    }

    FileOutbox Open() => FileOutbox.Open(LocalFileSystem.Instance, Path);

    void With(bool inFile, Action<IOutbox> play)
    {
        if (inFile)
        {
            using var outbox = Open();
            play(outbox);
        }
        else
        {
            play(new MemoryOutbox());
        }
    }

    static IEnumerable<int> Numbers(IOutbox outbox, string receiver) => outbox.Pending(receiver, 100).Select(Number);

    static int Number(Puppylog.Alerts.Notices.Notice notice) => int.Parse(notice.Value!, System.Globalization.CultureInfo.InvariantCulture);
}
