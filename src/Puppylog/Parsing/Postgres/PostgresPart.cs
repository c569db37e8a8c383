namespace Puppylog.Parsing.Postgres;

/// <summary>A line of PostgreSQL's log that says more of the message before it: <c>… [12] app@shop DETAIL:  …</c>.</summary>
/// <param name="Field">Its field in the message's record.</param>
/// <param name="Text">Where its text begins in the line.</param>
readonly record struct PostgresPart(string Field, int Text)
{
    /// <summary>Bytes of a line in which its severity is looked for: behind what <c>log_line_prefix</c> has.</summary>
    const int MostBytes = 512;

    /// <summary>False where the line is a message, or none of PostgreSQL's.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out PostgresPart part)
    {
        part = default;
        var colon = line[..Math.Min(line.Length, MostBytes)].IndexOf(":  "u8);
        if (colon < 0)
        {
            return false;
        }

        var start = line[..colon].LastIndexOfAnyExceptInRange((byte)'A', (byte)'Z') + 1;
        if (start == 0 || line[start - 1] is not ((byte)' ' or (byte)':') || FieldOf(line[start..colon]) is not { } field)
        {
            return false;
        }

        part = new(field, colon + 3);
        return true;
    }

    /// <summary>The process that wrote a line: the first number in brackets; empty where there is none.</summary>
    public static ReadOnlySpan<byte> ProcessOf(ReadOnlySpan<byte> line)
    {
        line = line[..Math.Min(line.Length, MostBytes)];
        for (var at = line.IndexOf((byte)'['); at >= 0;)
        {
            line = line[(at + 1)..];
            var digits = line.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (digits > 0 && line[digits] == ']')
            {
                return line[..digits];
            }

            at = line.IndexOf((byte)'[');
        }

        return default;
    }

    static string? FieldOf(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("DETAIL"u8) ? "detail"
        : word.SequenceEqual("HINT"u8) ? "hint"
        : word.SequenceEqual("CONTEXT"u8) ? "context"
        : word.SequenceEqual("STATEMENT"u8) ? "statement"
        : word.SequenceEqual("QUERY"u8) ? "internal_query"
        : word.SequenceEqual("LOCATION"u8) ? "location"
        : word.SequenceEqual("BACKTRACE"u8) ? "backtrace"
        : null;
}
