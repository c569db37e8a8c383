namespace Puppylog.App.Tui;

/// <summary>In the order of their keys, 1 to 5.</summary>
enum ViewKind
{
    Overview,
    Tail,
    Streams,
    Metrics,
    Alerts,
}
