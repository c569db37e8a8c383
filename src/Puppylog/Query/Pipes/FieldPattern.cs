using Puppylog.Records;

namespace Puppylog.Query.Pipes;

/// <summary>Names with a <c>*</c> at their end, and the other names of <c>_time</c> and <c>_msg</c>.</summary>
static class FieldPattern
{
    public static bool Matches(string pattern, string name) =>
        pattern.EndsWith('*') ? name.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : pattern == name;

    /// <summary>The name that the view lists a field under: <c>time</c> is <c>_time</c> where no field is called time.</summary>
    public static string Listed(IReadOnlyList<string> fields, string name) => name switch
    {
        "time" when !fields.Contains(name) => FieldNames.Time,
        "message" when !fields.Contains(name) => FieldNames.Message,
        _ => name,
    };
}
