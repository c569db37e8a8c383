namespace Puppylog.Sources;

/// <summary>What the sources of one reader share.</summary>
/// <param name="Watch">True to follow files, false to read them to their end.</param>
/// <param name="MaxLine">Bytes of a line that are kept.</param>
/// <param name="Positions">How far the files have been read.</param>
/// <param name="Watcher">Tells of changes; null where the system has no watches left and polling must do.</param>
/// <param name="Wake">Called, from any thread, when a source has something new.</param>
/// <param name="Notice">Takes sentences for people.</param>
/// <param name="Clock">Times silences.</param>
/// <param name="EndsWhenGone">True for files that a pattern found: one that has left its place and was read is done with.</param>
/// <param name="FromEnd">True to begin a file that is there at the start at its end; kept positions count all the same.</param>
sealed record SourceContext(
    bool Watch,
    int MaxLine,
    PositionBook Positions,
    FileWatcher? Watcher,
    Action Wake,
    Action<string> Notice,
    TimeProvider Clock,
    bool FromEnd = false,
    bool EndsWhenGone = false)
{
    /// <summary>When the run began: nanoseconds since 1970, by the clock that files are dated by.</summary>
    public long StartedAt { get; init; } = long.MaxValue;

    /// <summary>True for the path of a file that is asked for, by its name or by a pattern.</summary>
    public Func<string, bool> IsMatched { get; init; } = _ => false;
}
