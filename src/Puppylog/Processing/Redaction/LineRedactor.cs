using Puppylog.Processing.Options;

namespace Puppylog.Processing.Redaction;

/// <summary>
/// Rewrites lines before they are parsed, so that what is redacted never gets into a batch. Not thread-safe. See README.md.
/// </summary>
sealed class LineRedactor
{
    readonly List<RedactionPass> _passes;
    long _count;

    LineRedactor(List<RedactionPass> passes) => _passes = passes;

    /// <summary>Null where nothing is to be redacted.</summary>
    public static LineRedactor? Create(IEnumerable<ProcessorOptions> options)
    {
        var passes = options.OfType<RedactOptions>().Select(each => new RedactionPass(each)).ToList();
        return passes.Count == 0 ? null : new(passes);
    }

    /// <summary>Places that were rewritten since the last call.</summary>
    public long TakeCount()
    {
        var count = _count;
        _count = 0;
        return count;
    }

    /// <summary>The lines with every match replaced: themselves, or bytes that hold until the next call. They have as many newlines.</summary>
    public ReadOnlySpan<byte> Redact(ReadOnlySpan<byte> lines)
    {
        foreach (var pass in _passes)
        {
            lines = pass.Redact(lines, ref _count);
        }

        return lines;
    }
}
