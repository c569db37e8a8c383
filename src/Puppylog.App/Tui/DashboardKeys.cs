using Puppylog.App.Tui.Tail;
using Puppylog.App.Tui.Terminal;
using Puppylog.App.Tui.Views;
using Puppylog.Query.Syntax;

namespace Puppylog.App.Tui;

/// <summary>What keys do. Under the watch state's lock.</summary>
/// <param name="model">What they change.</param>
/// <param name="parse">Reads a filter of the tail; throws <see cref="LogsqlException"/>.</param>
sealed class DashboardKeys(DashboardModel model, Func<string, TailFilter> parse)
{
    static readonly int[] Zooms = [1, 5, 15];

    /// <summary>Columns by which a key moves long lines.</summary>
    const int ShiftStep = 16;

    const int MaxShift = 4096;

    /// <returns>False where the user wants to leave.</returns>
    public bool Handle(Key key)
    {
        if (key is { Kind: KeyKind.Control, Text: "c" or "q" })
        {
            return false;
        }

        if (model is { View: ViewKind.Tail, ShowsHelp: false, Tail.Editor: { } editor })
        {
            Edit(editor, key);
            return true;
        }

        if (key is { Kind: KeyKind.Text, Text: "q" or "Q" })
        {
            return false;
        }

        if (!TrySwitch(key) && !model.ShowsHelp)
        {
            HandleInView(key);
        }

        return true;
    }

    bool TrySwitch(Key key)
    {
        ViewKind? view = (key.Kind, key.Text) switch
        {
            (KeyKind.Text, "1" or "o") => ViewKind.Overview,
            (KeyKind.Text, "2" or "t") => ViewKind.Tail,
            (KeyKind.Text, "3" or "s") => ViewKind.Streams,
            (KeyKind.Text, "4" or "m") => ViewKind.Metrics,
            (KeyKind.Text, "5" or "a") => ViewKind.Alerts,
            (KeyKind.Tab, _) => (ViewKind)(((int)model.View + 1) % 5),
            (KeyKind.BackTab, _) => (ViewKind)(((int)model.View + 4) % 5),
            (KeyKind.Click, _) => Screen.ViewAt(model, key.Column, key.Line),
            _ => null,
        };
        if (view is { } chosen)
        {
            (model.View, model.ShowsHelp) = (chosen, false);
            return true;
        }

        if (key is { Kind: KeyKind.Text, Text: "?" or "h" } || (model.ShowsHelp && key.Kind is KeyKind.Escape or KeyKind.Enter))
        {
            model.ShowsHelp = !model.ShowsHelp;
            return true;
        }

        return false;
    }

    void HandleInView(Key key)
    {
        var page = Screen.ContentLines(model);
        switch (model.View)
        {
            case ViewKind.Overview when key is { Kind: KeyKind.Text, Text: "z" }:
                model.Zoom = Zooms[(Array.IndexOf(Zooms, model.Zoom) + 1) % Zooms.Length];
                break;
            case ViewKind.Tail:
                HandleInTail(key, TailView.Page(model.Tail, page));
                break;
            case ViewKind.Streams when key is { Kind: KeyKind.Text, Text: ">" or "." }:
                model.StreamOrder = (StreamOrder)(((int)model.StreamOrder + 1) % 5);
                break;
            case ViewKind.Streams when key is { Kind: KeyKind.Text, Text: "<" or "," }:
                model.StreamOrder = (StreamOrder)(((int)model.StreamOrder + 4) % 5);
                break;
            case ViewKind.Streams:
                model.StreamPlace.Handle(key, model.Streams.Value?.Streams.Count ?? 0, StreamsView.Page(model.Streams.Value, page));
                break;
            case ViewKind.Metrics:
                HandleInMetrics(key, page);
                break;
            case ViewKind.Alerts:
                model.AlertPlace.Handle(key, model.AlertEntries.Count, AlertsView.Page(model, page));
                break;
        }
    }

    void HandleInMetrics(Key key, int page)
    {
        var segments = MetricsView.Segments(model).Count;
        switch (key.Kind)
        {
            case KeyKind.Left:
                model.SegmentPlace.Handle(new(KeyKind.Up), segments, 1);
                break;
            case KeyKind.Right:
                model.SegmentPlace.Handle(new(KeyKind.Down), segments, 1);
                break;
            default:
                if (model.MetricPlace.Handle(key, model.Metrics.Value?.Metrics.Count ?? 0, MetricsView.Page(model.Metrics.Value, page)))
                {
                    model.SegmentPlace.Select(0);
                }

                break;
        }
    }

    void HandleInTail(Key key, int page)
    {
        var tail = model.Tail;
        switch (key.Kind, key.Text)
        {
            case (KeyKind.Text, "/"):
                (tail.Editor, tail.Mistake) = (new LineEditor(tail.Filter.Text), null);
                break;
            case (KeyKind.Text, "r"):
                tail.ShowsLines = !tail.ShowsLines;
                break;
            case (KeyKind.Text, " " or "p") when tail.IsPaused:
            case (KeyKind.Text, "f"):
                tail.Follow();
                break;
            case (KeyKind.Text, " " or "p"):
                tail.Pause();
                break;
            case (KeyKind.Escape, _) when tail.IsOpen:
                tail.IsOpen = false;
                break;
            case (KeyKind.Escape, _) when tail.IsPaused:
                tail.Follow();
                break;
            case (KeyKind.Escape, _) when !tail.Filter.TakesAll:
                tail.SetFilter(TailFilter.All);
                break;
            case (KeyKind.Enter, _):
                tail.Pause();
                tail.IsOpen = !tail.IsOpen;
                break;
            case (KeyKind.Left, _):
                tail.Shift = Math.Max(0, tail.Shift - ShiftStep);
                break;
            case (KeyKind.Right, _):
                tail.Shift = Math.Min(MaxShift, tail.Shift + ShiftStep);
                break;
            default:
                tail.Scroll(key, page);
                break;
        }
    }

    void Edit(LineEditor editor, Key key)
    {
        var tail = model.Tail;
        if (key.Kind is KeyKind.Escape)
        {
            (tail.Editor, tail.Mistake) = (null, null);
            return;
        }

        if (!editor.Handle(key) && key.Kind is not KeyKind.Enter)
        {
            return;
        }

        TailFilter? filter = null;
        try
        {
            filter = parse(editor.Text);
            tail.Mistake = null;
        }
        catch (LogsqlException mistake)
        {
            tail.Mistake = mistake;
        }

        if (key.Kind is KeyKind.Enter && filter is not null)
        {
            tail.Editor = null;
            tail.SetFilter(filter);
        }
    }
}
