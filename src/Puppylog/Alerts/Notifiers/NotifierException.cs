namespace Puppylog.Alerts.Notifiers;

/// <summary>A receiver did not take a notice.</summary>
sealed class NotifierException : Exception
{
    public NotifierException(string message, TimeSpan retryAfter = default)
        : base(message) => RetryAfter = retryAfter;

    public NotifierException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>How long the receiver asks to be left alone.</summary>
    public TimeSpan RetryAfter { get; }
}
