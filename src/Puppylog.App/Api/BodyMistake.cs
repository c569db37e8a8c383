namespace Puppylog.App.Api;

/// <param name="Message">What was found, and what would do.</param>
/// <param name="File">Where; missing for the body of the request.</param>
/// <param name="Line">Its line, from 1; missing where it is about the whole.</param>
/// <param name="Column">Its column, from 1.</param>
sealed record BodyMistake(string Message, string? File, int? Line, int? Column);
