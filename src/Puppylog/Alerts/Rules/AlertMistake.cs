namespace Puppylog.Alerts.Rules;

/// <summary>Something in a rule that cannot be meant.</summary>
/// <param name="Setting">What it is about, as the command line calls it: <c>recover-below</c>.</param>
/// <param name="Text">What was found, and what would do.</param>
sealed record AlertMistake(string Setting, string Text)
{
    public override string ToString() => Text;
}
