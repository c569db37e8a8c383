namespace Puppylog.Forwarding;

/// <summary>What came of a request.</summary>
/// <param name="Trouble">Why it did not succeed, as a sentence that stays the same while the reason does; null where it did.</param>
sealed record ServerAnswer<T>(T? Value, string? Trouble)
{
    /// <summary>Trying again soon will hardly help.</summary>
    public bool IsRefused { get; init; }

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>The answer is 409: a source's position is another one.</summary>
    public Refusal? Conflict { get; init; }
}
