namespace Puppylog.Intake;

/// <summary>A body that cannot be taken as a whole; nothing of it is stored. The message says why, and what would do.</summary>
sealed class IntakeException(string message) : Exception(message)
{
    /// <summary>True where less at a time would be taken.</summary>
    public bool IsTooMuch { get; init; }
}
