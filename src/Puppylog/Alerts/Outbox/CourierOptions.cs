namespace Puppylog.Alerts.Outbox;

/// <summary>How a receiver is treated.</summary>
sealed record CourierOptions
{
    /// <summary>After this an attempt has failed.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After the first failure; doubled with each further one.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Notices in one message.</summary>
    public int MostTogether { get; init; } = 100;

    /// <summary>Messages that go out at once.</summary>
    public int Burst { get; init; } = 10;

    /// <summary>After a burst there is one message in this time; what comes meanwhile goes with it.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(10);
}
