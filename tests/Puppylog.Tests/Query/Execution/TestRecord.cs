namespace Puppylog.Tests.Query.Execution;

sealed record TestRecord(long Time, IReadOnlyDictionary<string, string> Fields);
