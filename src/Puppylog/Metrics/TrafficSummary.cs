namespace Puppylog.Metrics;

/// <summary>The traffic of an interval.</summary>
sealed record TrafficSummary
{
    /// <summary>Seconds since 1970 UTC, included.</summary>
    public required long Start { get; init; }

    /// <summary>Seconds since 1970 UTC, not included.</summary>
    public required long End { get; init; }

    public required long Requests { get; init; }

    /// <summary>Lines that do not match the format; they are no requests.</summary>
    public required long Invalid { get; init; }

    /// <summary>Lines of earlier intervals that came after those were told (replay only); not among the requests.</summary>
    public required long Late { get; init; }

    /// <summary>Sum of the responses' sizes.</summary>
    public required long Bytes { get; init; }

    public required int Clients { get; init; }

    /// <summary>True where there were more clients than were counted.</summary>
    public required bool MoreClients { get; init; }

    /// <summary>Requests per status class: 1xx at 0 to 5xx at 4.</summary>
    public required IReadOnlyList<long> StatusClasses { get; init; }

    public required IReadOnlyList<SectionHits> Sections { get; init; }

    /// <summary>Empty where the log has no durations.</summary>
    public required IReadOnlyList<RouteTiming> SlowestRoutes { get; init; }

    public long Seconds => Math.Max(1, End - Start);

    public double RequestsPerSecond => (double)Requests / Seconds;

    /// <summary>Share of the requests that the server failed (5xx), 0 to 1.</summary>
    public double ErrorRate => Requests == 0 ? 0 : (double)StatusClasses[4] / Requests;
}
