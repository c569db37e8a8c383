namespace Puppylog.Forwarding;

/// <summary>Answer to what was not done.</summary>
/// <param name="Error">Why, for people.</param>
/// <param name="Source">The source whose position is not the one that the batch starts from.</param>
/// <param name="Path">Where that source was last seen.</param>
sealed record Refusal(string Error, string? Source = null, string? Path = null);
