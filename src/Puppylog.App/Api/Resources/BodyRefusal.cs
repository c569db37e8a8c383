namespace Puppylog.App.Api.Resources;

/// <summary>Answer to a body, or a configuration, that is wrong.</summary>
/// <param name="Error">All that is wrong, a line each.</param>
/// <param name="Mistakes">The same, each by itself.</param>
sealed record BodyRefusal(string Error, IReadOnlyList<BodyMistake> Mistakes);
