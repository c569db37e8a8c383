namespace Puppylog.App.Cli.Streams;

/// <summary>What is known of a stream, or of the streams of a group.</summary>
/// <param name="Name">The group's name; null for a stream.</param>
/// <param name="Stream">The stream's fields as text, or the group's selector.</param>
/// <param name="Records">Records that the store has.</param>
/// <param name="Recent">Of these, those of the last minute.</param>
/// <param name="Last">The newest record's time: nanoseconds since 1970, UTC; null where there is none.</param>
/// <param name="Position">Bytes of the file that were read; null where there is no file.</param>
/// <param name="Lag">Bytes that the file has beyond; null where there is no file any more.</param>
/// <param name="Streams">How many streams it stands for.</param>
sealed record StreamRow(string? Name, string Stream, long Records, long Recent, long? Last, long? Position, long? Lag, int Streams = 1)
{
    /// <summary>Records a second over the last minute.</summary>
    public double Rate => Recent / 60.0;

    public static StreamRow Sum(string name, string match, IEnumerable<StreamRow> streams)
    {
        var all = streams.ToList();
        return new(
            name, match, all.Sum(stream => stream.Records), all.Sum(stream => stream.Recent), all.Max(stream => stream.Last),
            all.Exists(stream => stream.Position is not null) ? all.Sum(stream => stream.Position ?? 0) : null,
            all.Exists(stream => stream.Lag is not null) ? all.Sum(stream => stream.Lag ?? 0) : null, all.Count);
    }
}
