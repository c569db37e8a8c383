namespace Puppylog.Alerts.Outbox;

/// <summary>How a receiver has failed since it last worked.</summary>
/// <param name="Failures">How often in a row.</param>
/// <param name="NotBefore">When it is tried again: milliseconds since 1970, UTC.</param>
/// <param name="Error">Why it failed last.</param>
readonly record struct OutboxAttempts(int Failures, long NotBefore, string? Error);
