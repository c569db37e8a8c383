namespace Puppylog.App.Tui;

/// <summary>What was read last of something that is read again and again.</summary>
/// <typeparam name="T">What it is.</typeparam>
sealed class Reading<T>
    where T : class
{
    /// <summary>Null before it was read for the first time.</summary>
    public T? Value { get; private set; }

    /// <summary>Why the last attempt failed; null where it did not.</summary>
    public string? Failure { get; private set; }

    public void Take(T value) => (Value, Failure) = (value, null);

    public void Fail(string message) => Failure = message;
}
