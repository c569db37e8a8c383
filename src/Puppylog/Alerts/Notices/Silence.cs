namespace Puppylog.Alerts.Notices;

/// <summary>A time in which a rule tells nobody.</summary>
/// <param name="Rule">The rule's identifier.</param>
/// <param name="Segment">None for all segments.</param>
/// <param name="From">The first second of it, since 1970 UTC.</param>
/// <param name="Until">The first second after it.</param>
/// <param name="Why">For people.</param>
sealed record Silence(string Rule, string? Segment, long From, long Until, string Why)
{
    /// <summary>Who asked for it.</summary>
    public string? By { get; init; }

    /// <summary>Who ended it before its time.</summary>
    public string? LiftedBy { get; init; }

    public bool Covers(string rule, string segment, long second) =>
        rule == Rule && (Segment is null || segment == Segment) && second >= From && second < Until;
}
