using Puppylog.Alerts.Rules;

namespace Puppylog.Alerts.Notices;

/// <summary>What somebody is told.</summary>
sealed record Notice
{
    /// <summary>The same for every attempt to tell the same thing, through crashes too; a receiver can tell duplicates by it.</summary>
    public required string Key { get; init; }

    public required string Rule { get; init; }

    /// <summary>"" for the whole.</summary>
    public string Segment { get; init; } = "";

    public NoticeKind Kind { get; init; }

    public required string Message { get; init; }

    public Severity Severity { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>As the message prints it; none where there was none.</summary>
    public string? Value { get; init; }

    /// <summary>The second of the evaluation, since 1970 UTC.</summary>
    public long Time { get; init; }

    /// <summary>The second at which it fired.</summary>
    public long Fired { get; init; }

    /// <summary>Lines of the cause.</summary>
    public IReadOnlyList<string> Samples { get; init; } = [];
}
