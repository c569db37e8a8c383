namespace Puppylog.Pipeline;

/// <summary>How a source stands at a moment.</summary>
/// <param name="Name">As it was named, or found.</param>
/// <param name="IsFound">A pattern found it.</param>
/// <param name="Trouble">What keeps it from being read, or has ended it; null when all is well.</param>
/// <param name="IsEnded">Nothing more is read of it.</param>
/// <param name="Lag">Bytes that it has beyond what was read, as far as is known.</param>
/// <param name="Lines">Lines read in this run.</param>
/// <param name="Records">Records made of them.</param>
readonly record struct SourceState(string Name, bool IsFound, string? Trouble, bool IsEnded, long Lag, long Lines, long Records)
{
    public static SourceState Of(SourceFeed feed) => new(
        feed.Source.Name, feed.EndsAlone, feed.Source.Failure ?? feed.Source.Hindrance, feed.Source.IsEnded, feed.Remaining, feed.Counters.Lines, feed.Counters.Records);
}
