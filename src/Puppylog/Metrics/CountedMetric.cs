using System.Globalization;

namespace Puppylog.Metrics;

/// <summary>A metric among those that are counted together.</summary>
sealed class CountedMetric
{
    public CountedMetric(long number, MetricDefinition definition)
    {
        (Number, Definition) = (number, definition);
        Present = definition.Statistic.Kind == MeasureKind.Count ? definition.Property : null;
        Grouping = string.Create(CultureInfo.InvariantCulture, $"{definition.Period}\0{Present is not null}\0{Present}\0{string.Join('\0', definition.Segments)}");
        Measure = string.Create(CultureInfo.InvariantCulture, $"{(int)definition.Statistic.Kind}\0{definition.Property}");
    }

    public long Number { get; }

    public MetricDefinition Definition { get; }

    /// <summary>Only records that have this field; null for all.</summary>
    public string? Present { get; }

    /// <summary>Equal where rows are grouped alike.</summary>
    public string Grouping { get; }

    /// <summary>Equal where the same is gathered of a group.</summary>
    public string Measure { get; }
}
