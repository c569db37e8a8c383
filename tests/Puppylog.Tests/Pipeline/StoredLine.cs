namespace Puppylog.Tests.Pipeline;

/// <param name="Text">The line's bytes as Latin-1.</param>
sealed record StoredLine(string Text, long Time, string Format, IReadOnlyDictionary<string, string> Fields);
