using System.Globalization;
using Puppylog.App.Cli;
using Puppylog.App.Cli.Streams;
using Puppylog.App.Tui.Drawing;
using Puppylog.App.Watch;
using Puppylog.App.Watch.Boards;
using Puppylog.Records;

namespace Puppylog.App.Tui.Views;

/// <summary>The streams, and how far their files are behind.</summary>
static class StreamsView
{
    const int MostTroubles = 4;

    /// <summary>Columns of the numbers.</summary>
    const int NumbersWidth = 52;

    public static string Hint(DashboardModel model) => $"< > order: by {Name(model.StreamOrder)} · rate: of the last minute · lag: bytes not read yet";

    /// <summary>Streams that are seen.</summary>
    public static int Page(StreamBoard? board, int height) => Math.Max(1, height - 2 - TroubleLines(board));

    public static void Draw(Area area, DashboardModel model)
    {
        var board = model.Streams.Value;
        var streams = Ordered(board, model.StreamOrder);
        var lag = streams.Sum(stream => stream.Lag ?? 0);
        area.Rule(0, "Streams", streams.Count == 0 ? "" : $"{TrafficText.Count(streams.Count)} · {Size(lag)} behind in all", remarkStyle: lag > 0 ? Style.Warning : Style.Good);
        if (ReadingText.Instead(model.Streams, board?.Remark ?? (streams.Count == 0 ? "No records yet." : null)) is { } instead)
        {
            ReadingText.Draw(area.LinesFrom(2), instead);
            DrawTroubles(area, board);
            return;
        }

        int[] ends = area.Width >= NumbersWidth + 16 ? [11, 21, 31, 42, NumbersWidth] : area.Width >= 56 ? [11, 21, 0, 0, 32] : [11, 0, 0, 0, 22];
        Columns(area, 1, ["records", "rate", "last", "position", "lag"], ends, Style.Dim, default, "stream");
        var page = Page(board, area.Height);
        var place = model.StreamPlace;
        place.Fit(streams.Count, page);
        for (var line = 0; line < page && place.Top + line < streams.Count; line++)
        {
            var stream = streams[place.Top + line];
            Columns(
                area,
                line + 2,
                [
                    TrafficText.Count(stream.Records),
                    string.Create(CultureInfo.InvariantCulture, $"{stream.Rate:0.##}/s"),
                    Age(stream.Last, model.Watch.Now),
                    stream.Position is { } position ? Size(position) : "-",
                    stream.Lag is { } behind ? Size(behind) : "-",
                ],
                ends,
                default,
                stream.Lag > 0 ? Style.Warning : default,
                Label(stream.Stream, area.Width - ends[4] - 3));
            if (place.Top + line == place.Selected)
            {
                area.Mark(line + 2, Weight.Reversed);
            }
        }

        DrawTroubles(area, board);
    }

    /// <param name="area">Where it stands.</param>
    /// <param name="line">Of the area.</param>
    /// <param name="numbers">A column each.</param>
    /// <param name="ends">Where they end; 0 where there is no room.</param>
    /// <param name="style">How all looks.</param>
    /// <param name="lagStyle">How the lag looks; the default for no difference.</param>
    /// <param name="name">What stands behind the numbers.</param>
    static void Columns(Area area, int line, string[] numbers, int[] ends, Style style, Style lagStyle, string name)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            if (ends[i] > 0)
            {
                area.WriteBefore(ends[i], line, numbers[i], i == 4 && lagStyle != default ? lagStyle : style);
            }
        }

        area.Write(ends[4] + 2, line, name, style);
    }

    static void DrawTroubles(Area area, StreamBoard? board)
    {
        if (board is null || board.Troubles.Count == 0)
        {
            return;
        }

        var lines = TroubleLines(board);
        var part = area.LinesFrom(area.Height - lines);
        part.Rule(0, "Cannot be read", TrafficText.Count(board.Troubles.Count), Style.Bad);
        for (var i = 0; i < lines - 1; i++)
        {
            part.Write(1, i + 1, board.Troubles[i], Style.Warning);
        }
    }

    static int TroubleLines(StreamBoard? board) => board is null || board.Troubles.Count == 0 ? 0 : 1 + Math.Min(MostTroubles, board.Troubles.Count);

    static List<StreamRow> Ordered(StreamBoard? board, StreamOrder order) => board is null ? [] : [.. order switch
    {
        StreamOrder.Rate => board.Streams.OrderByDescending(stream => stream.Recent),
        StreamOrder.Lag => board.Streams.OrderByDescending(stream => stream.Lag ?? -1),
        StreamOrder.Last => board.Streams.OrderByDescending(stream => stream.Last ?? long.MinValue),
        StreamOrder.Name => board.Streams.OrderBy(stream => stream.Stream, StringComparer.Ordinal),
        _ => board.Streams.OrderByDescending(stream => stream.Records),
    }];

    /// <summary>The fields as text; of a stream that is only a file its path, and of a long one the end.</summary>
    static string Label(string stream, int columns)
    {
        var labels = StreamLabels.Read(stream);
        if (labels is not [{ Key: FieldNames.FilePath, Value: var path }])
        {
            return stream.Length == 0 ? "{}" : stream;
        }

        return Area.Columns(path) <= columns ? path : "…" + Area.End(path, columns - 1);
    }

    static string Name(StreamOrder order) => order switch
    {
        StreamOrder.Rate => "rate",
        StreamOrder.Lag => "lag",
        StreamOrder.Last => "last record",
        StreamOrder.Name => "name",
        _ => "records",
    };

    /// <summary>How long ago; the day where that is long.</summary>
    static string Age(long? time, long now)
    {
        if (time is not { } last)
        {
            return "-";
        }

        var second = Timestamps.FloorDiv(last, Timestamps.Second);
        var age = now - second;
        return age switch
        {
            < 0 or >= 172_800 => TrafficText.Time(second)[..10],
            < 120 => $"{age} s",
            < 7200 => $"{age / 60} min",
            _ => $"{age / 3600} h",
        };
    }

    static string Size(long bytes) => CollectSummaryText.Size(bytes);
}
