using Puppylog.Alerts.Rules;

namespace Puppylog.Alerts.States;

/// <summary>Between what bounds a window's value stays over some evaluations: those whose windows end from one second to another.</summary>
/// <param name="Least">None where no window has a value.</param>
/// <param name="Most">None where no window has a value.</param>
/// <param name="Newest">The value of the last window.</param>
/// <param name="IsExact">False where the bounds were compared as rounded numbers.</param>
readonly record struct WindowExtent(WindowValue? Least, WindowValue? Most, WindowValue? Newest, bool IsExact)
{
    /// <summary>More than all roundings of a comparison together, as a part of the value.</summary>
    const double Rounding = 1e-9;

    /// <summary>False where no value in it is bad for a rule.</summary>
    public bool CanBeBad(AlertRule rule) =>
        rule.Threshold is { } threshold && (rule.Comparison is Comparison.Above ? Most : Least) is { } worst && (rule.IsBad(worst) || IsNear(worst, threshold));

    /// <summary>False where no value in it is good for a rule.</summary>
    public bool CanBeGood(AlertRule rule) =>
        (rule.Comparison is Comparison.Above ? Least : Most) is { } best && (rule.IsGood(best) || IsNear(best, (rule.Recovery ?? rule.Threshold)!.Value));

    bool IsNear(WindowValue value, decimal limit) =>
        !IsExact && !(Math.Abs(value.Number - (double)limit) > Rounding * Math.Max(Math.Abs(value.Number), Math.Abs((double)limit)));
}
