namespace Puppylog.Metrics;

/// <summary>What is gathered for a statistic. The numbers are stored.</summary>
enum MeasureKind : byte
{
    Count = 0,
    Sum = 1,
    Extremes = 2,
    Spread = 3,
    Quantile = 4,
    Distinct = 5,
}
