namespace Puppylog.Alerts;

/// <summary>When traffic counts as high: hits per second on average over a window.</summary>
sealed record TrafficRule
{
    /// <summary>A day: a longer window would answer tomorrow.</summary>
    public const int MaxWindow = 86_400;

    /// <summary>Keeps threshold × window exact in a decimal.</summary>
    public const decimal MaxThreshold = 1_000_000_000_000m;

    /// <param name="window">Seconds, 1 to <see cref="MaxWindow"/>.</param>
    /// <param name="threshold">Hits per second, 0 to <see cref="MaxThreshold"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is out of its range.</exception>
    public TrafficRule(int window, decimal threshold)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, MaxWindow);
        ArgumentOutOfRangeException.ThrowIfLessThan(threshold, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threshold, MaxThreshold);
        Window = window;
        Threshold = threshold;
    }

    public static TrafficRule Default { get; } = new(120, 10);

    /// <summary>Seconds.</summary>
    public int Window { get; }

    /// <summary>Hits per second.</summary>
    public decimal Threshold { get; }

    /// <summary>Hits within the window at which its average equals the threshold.</summary>
    public decimal Limit => Threshold * Window;
}
