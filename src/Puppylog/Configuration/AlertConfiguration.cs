using System.Collections.Immutable;

namespace Puppylog.Configuration;

/// <summary>A rule on a metric: a statistic over a window, and when it is out of bounds.</summary>
sealed record AlertConfiguration
{
    public static ImmutableArray<string> Severities { get; } = ["info", "warning", "critical"];

    public required string Id { get; init; }

    public required string Metric { get; init; }

    public string Statistic { get; init; } = "avg";

    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(120);

    public double? Above { get; init; }

    public double? Below { get; init; }

    /// <summary>The values are the change against the same time yesterday, in percent.</summary>
    public bool AgainstYesterday { get; init; }

    /// <summary>The value below which it recovers, where that is not <see cref="Above"/>.</summary>
    public double? RecoverBelow { get; init; }

    public double? RecoverAbove { get; init; }

    /// <summary>How long it must be out of bounds before it fires.</summary>
    public TimeSpan For { get; init; }

    /// <summary>Without records for so long it fires; null: it does not.</summary>
    public TimeSpan? NoData { get; init; }

    /// <summary>Each segment by itself.</summary>
    public bool PerSegment { get; init; }

    public string Severity { get; init; } = "warning";

    public ImmutableArray<KeyValuePair<string, string>> Labels { get; init; } = [];

    /// <summary>Lines of the cause that a notice shows.</summary>
    public int Samples { get; init; } = 3;

    /// <summary>Notifiers by name; empty for all.</summary>
    public ImmutableArray<string> Notify { get; init; } = [];
}
