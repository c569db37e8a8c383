namespace Puppylog.Parsing;

/// <summary>What happens to a line that does not match its format (<c>--invalid</c>).</summary>
enum InvalidLines
{
    /// <summary>Reported with file, line number and reason, counted, not stored. The default for access logs.</summary>
    Report,

    /// <summary>Stored as plain text. The default for every other format.</summary>
    Keep,

    /// <summary>Counted, not stored, not reported.</summary>
    Drop,
}
