using FsCheck;
using FsCheck.Fluent;

namespace Puppylog.Tests.Pipeline;

/// <summary>Random scripts of what writers, rotators and restarts do to a file, against what must be stored then.</summary>
public sealed class FollowingModelTests
{
    enum Event
    {
        Append,
        AppendPartial,
        AppendMuch,
        Truncate,
        WriteSameAgain,
        WriteOther,
        RenameAndCreate,
        Delete,
        Touch,
        Restart,
        CrashAfterRead,
        AppendWhileStopped,
        RotateWhileStopped,
    }

    [Fact]
    public void Every_line_is_stored_once_and_in_order() =>
        Prop.ForAll(Arb.From(Gen.Elements(Enum.GetValues<Event>()).ListOf(25), OneEventLess), script => PlayAsync(script).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    static IEnumerable<List<Event>> OneEventLess(List<Event> script) =>
        script.Select((_, left) => script.Where((_, at) => at != left).ToList());

    static async Task PlayAsync(IEnumerable<Event> script)
    {
        await using var bench = new CollectBench();
        var play = new Play(bench);
        await bench.WatchAsync(play.Log);
        foreach (var step in script)
        {
            await play.DoAsync(step);
            Assert.Equal(play.Expected, bench.Store.Texts);
        }
    }

    sealed class Play(CollectBench bench)
    {
        readonly List<string> _expected = [];
        // What the path's file holds; null: there is none. The last part has no newline yet.
        string? _content;
        string _partial = "";
        int _counter;

        public string Log { get; } = bench.PathOf("a.log");

        public IEnumerable<string> Expected => _expected;

        public async Task DoAsync(Event step)
        {
            switch (step)
            {
                case Event.Append:
                    Append($"{Next()}\n{Next()}\n");
                    break;
                case Event.AppendPartial:
                    Append($"{Next()}\n{Next()}");
                    break;
                case Event.AppendMuch:
                    Append($"{Next()}{new string('x', 1500)}\n{Next()}\n");
                    break;
                case Event.Truncate when _content is not null:
                    File.WriteAllText(Log, "");
                    EndContent();
                    _content = "";
                    break;
                case Event.WriteSameAgain when _content is { Length: > 0 } same:
                    // Kernels before 6.13 tell times of modification apart from 4 ms on.
                    await Task.Delay(5);
                    File.WriteAllText(Log, same);
                    EndContent();
                    Take(same);
                    break;
                case Event.WriteOther:
                    var other = $"{Next()}\n{Next()}\n{(_counter % 3 == 0 ? Next() : "")}";
                    File.WriteAllText(Log, other);
                    EndContent();
                    Take(other);
                    break;
                case Event.RenameAndCreate when _content is not null:
                    Rotate();
                    break;
                case Event.Delete when _content is not null:
                    File.Delete(Log);
                    await bench.PollAsync();
                    _content = null;
                    break;
                case Event.Touch when _content is not null:
                    File.SetLastWriteTimeUtc(Log, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(_counter++));
                    break;
                case Event.Restart:
                    Stop();
                    await bench.WatchAsync(Log);
                    break;
                case Event.CrashAfterRead:
                    // What only a deleted file held, and no commit, is gone with the process.
                    _partial = _content is null ? "" : _partial;
                    Append($"{Next()}\n{Next()}\n");
                    await bench.StepAsync();
                    Stop();
                    await bench.WatchAsync(Log);
                    break;
                case Event.AppendWhileStopped:
                    Stop();
                    Append($"{Next()}\n{Next()}\n");
                    await bench.WatchAsync(Log);
                    break;
                case Event.RotateWhileStopped when _content is not null:
                    Stop();
                    Append($"{Next()}\n");
                    Rotate();
                    await bench.WatchAsync(Log);
                    break;
            }

            await bench.PollLongAsync();
        }

        string Next() => $"line {++_counter}";

        void Append(string text)
        {
            File.AppendAllText(Log, text);
            if (_content is null)
            {
                EndContent();
            }

            Take(text);
        }

        void Rotate()
        {
            File.Move(Log, bench.PathOf("a.log.1"), overwrite: true);
            EndContent();
            var text = $"{Next()}\n";
            File.WriteAllText(Log, text);
            Take(text);
        }

        /// <summary>A last line without newline counts when nothing can follow it any more.</summary>
        void EndContent()
        {
            if (_partial.Length > 0)
            {
                _expected.Add(_partial);
            }

            _partial = "";
            _content = null;
        }

        void Take(string text)
        {
            _content += text;
            var lines = (_partial + text).Split('\n');
            _expected.AddRange(lines[..^1]);
            _partial = lines[^1];
        }

        void Stop()
        {
            bench.Stop();
            if (_content is null)
            {
                // Nobody can read it any more.
                _partial = "";
            }
        }
    }
}
