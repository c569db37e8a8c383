using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Puppylog.App.Cli.Streams;
using Puppylog.App.Tui;
using Puppylog.App.Tui.Tail;
using Puppylog.App.Tui.Terminal;
using Puppylog.App.Watch;
using Puppylog.App.Watch.Boards;
using Puppylog.Metrics;
using Puppylog.Query.Syntax;
using Puppylog.Records;
using Puppylog.Tests.Tui.Terminal;

namespace Puppylog.Tests.Tui;

/// <summary>Random keys, sizes, records and boards: nothing is thrown, and the terminal shows what was drawn.</summary>
public sealed class DashboardFuzzTests
{
    static readonly string[] Hostile =
    [
        "/[red]evil[/]", "/\e[31mred\e[0m\e[2J", "/日本語日本語日本語日本語日本語日本語日本語日本語", "/" + new string('x', 5000), "/\u202egnp\u200b\u0301\u0301", "/]", "/👩‍👩‍👧 🇩🇪",
        "/tab\tnew\nline\r", "/\u009b31m", "/\u1112\u1161\u11ab", "/\ufdfd\u0bf5", "/{0}", "\u0301\u0302", "", "-", "/\u0e01\u0e34\u0e49\u0e49\u0e49", "❤\uFE0F\u200D🔥", "\0\x7f\x80",
    ];

    static readonly KeyKind[] Kinds = Enum.GetValues<KeyKind>();

    [Fact]
    public void Nothing_breaks_the_dashboard() => Prop.ForAll<int>(ArbMap.Default.ArbFor<int>(), seed =>
    {
        Run(seed);
        return true;
    }).QuickCheckThrowOnFailure();

    static void Run(int seed)
    {
        var random = new Random(seed);
        var model = SampleDashboard.Create(80, 24);
        var intake = new TailIntake(model.Tail, model.Watch.Sync, new Nowhere());
        var keys = new DashboardKeys(model, Parse);
        var (terminal, screen) = Open(80, 24);
        for (var step = 0; step < 60; step++)
        {
            switch (random.Next(6))
            {
                case 0:
                    (model.Width, model.Height) = (random.Next(1, random.Next(2) == 0 ? 60 : 230), random.Next(1, random.Next(2) == 0 ? 14 : 70));
                    (terminal, screen) = Open(model.Width, model.Height);
                    break;
                case 1:
                    intake.Take(Records(random), 0);
                    break;
                case 2:
                    Change(model, random);
                    break;
                default:
                    var text = random.Next(3) == 0 ? Hostile[random.Next(Hostile.Length)] : ((char)random.Next(' ', 127)).ToString();
                    keys.Handle(random.Next(2) == 0 ? Key.Of(text.Length > 0 ? text : "/") : new Key(Kinds[random.Next(Kinds.Length)], "", random.Next(-5, 250), random.Next(-5, 80)));
                    break;
            }

            var canvas = Screen.Draw(model);
            screen.Draw(canvas);
            for (var line = 0; line < canvas.Height; line++)
            {
                Assert.Equal(canvas.Text(line), terminal.Text(line));
            }
        }

        terminal.Dispose();
    }

    static (PlayedTerminal Terminal, TerminalScreen Screen) Open(int width, int height)
    {
        var terminal = new PlayedTerminal(width, height);
        return (terminal, new TerminalScreen(terminal, colours: true, mouse: true));
    }

    static TailFilter Parse(string text) => TailFilter.Parse(text, 0, name => throw new LogsqlException(text, text.Length * 2, $"no group '{name}'"));

    static BatchView Records(Random random)
    {
        var batch = new RecordBatch(RecordShape.Plain);
        for (var i = random.Next(40); i > 0; i--)
        {
            var line = batch.Append(Encoding.UTF8.GetBytes(Text(random)));
            var row = batch.Add(random.NextInt64(long.MinValue, long.MaxValue), line, random.Next(4) == 0 ? default : line, 0);
            foreach (var field in (string[])["level", "status", "route", "host", "method", "bytes", "path", "a field of its own " + random.Next(60)])
            {
                if (random.Next(3) > 0)
                {
                    batch.Column(field).Set(row, batch.Append(Encoding.UTF8.GetBytes(Text(random))));
                }
            }
        }

        return new(batch);
    }

    static string Text(Random random) => random.Next(4) switch
    {
        0 => $"{random.Next(-5, 700)}",
        1 => Encoding.Latin1.GetString([.. Enumerable.Range(0, random.Next(30)).Select(_ => (byte)random.Next(256))]),
        _ => Hostile[random.Next(Hostile.Length)],
    };

    static void Change(DashboardModel model, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                model.Streams.Take(new([.. Enumerable.Range(0, random.Next(90)).Select(_ => new StreamRow(
                    null, $"{{file_path=\"{Text(random)}\"}}", random.NextInt64(), random.NextInt64(), random.NextInt64(long.MinValue, long.MaxValue), random.NextInt64(), random.NextInt64(1 << 40)))], [.. Hostile.Take(random.Next(9))]));
                break;
            case 1:
                model.Metrics.Take(Metrics(random));
                break;
            case 2:
                model.Alerts.Take(new(
                    [.. Enumerable.Range(0, random.Next(70)).Select(_ => new AlertEntry(Text(random), Text(random), (AlertStanding)random.Next(5), random.NextInt64(-60_000_000_000, 250_000_000_000), Text(random), Text(random), Text(random)))],
                    [.. Enumerable.Range(0, random.Next(70)).Select(_ => new AlertEvent(Text(random), random.NextInt64(-60_000_000_000, 250_000_000_000), Text(random), Text(random), Text(random)))],
                    random.Next(2) == 0 ? null : Text(random)));
                break;
            case 3:
                model.Streams.Fail(Text(random));
                model.Metrics.Fail(Text(random));
                break;
            case 4:
                model.Watch.Notice = random.Next(2) == 0 ? null : Text(random);
                break;
            default:
                model.Ended = Text(random);
                break;
        }
    }

    static MetricBoard Metrics(Random random)
    {
        var metrics = Enumerable.Range(0, random.Next(60)).Select(i => new MetricEntry($"{i} {Text(random)}", Text(random), random.Next(1, 100_000), random.Next(2) == 0 ? "" : Text(random), Text(random), random.Next(2) == 0, random.Next(2) == 0)).ToList();
        var from = random.NextInt64(-1_000_000_000_000_000_000, 2_000_000_000_000_000_000);
        double?[] values = [null, double.NaN, double.PositiveInfinity, -1, 0, 1e300, 1e-300, double.MaxValue, 42];
        return metrics.Count == 0 ? new([], null, [], Text(random)) : new(
            metrics,
            metrics[0],
            [.. Enumerable.Range(0, random.Next(300)).Select(i => new Observation(metrics[0].Id, from + (i / 3 * metrics[0].Period * Timestamps.Second), random.Next(2) == 0 ? "" : Text(random), values[random.Next(values.Length)]))]);
    }

    sealed class Nowhere : ITrafficSink
    {
        public void Take(RecordView records, long invalid)
        {
        }
    }
}
