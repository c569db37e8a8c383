namespace Puppylog.Generation;

/// <summary>What is written, how fast and how much of it.</summary>
/// <param name="Format">One of <see cref="LineWriter.Formats"/>.</param>
sealed record GenerationOptions(string Format)
{
    /// <summary>Records per second; 0 for as fast as they can be written.</summary>
    public double Rate { get; init; }

    /// <summary>Lines per write; null for what suits the rate.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Time between the beginnings of two writes.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>Lines after which to end; null for never.</summary>
    public long? Max { get; init; }

    /// <summary>The same seed gives the same bytes; null for other ones each time, with the clock's times.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The first line's time where there is a seed: nanoseconds since 1970, UTC.</summary>
    public long Start { get; init; }
}
