namespace Puppylog.Metrics;

/// <param name="Property">Of what: id, stat, prop, period, refresh_rate, lateness, top, segment_expression or filter.</param>
/// <param name="Message">What is wrong, and what would work.</param>
sealed record MetricMistake(string Property, string Message)
{
    /// <summary>Where in the property's text, in characters; 0 for the whole.</summary>
    public int Position { get; init; }
}
