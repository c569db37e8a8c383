namespace Puppylog.Alerts.Rules;

/// <summary>What is computed from the values of a window's periods.</summary>
enum WindowStatistic
{
    Avg,
    Min,
    Max,
    Sum,

    /// <summary>The value of the newest period that has one.</summary>
    Last,
}
