namespace Puppylog.Records;

enum DerivedFunction : byte
{
    /// <summary>A route without its query string: up to the first <c>?</c>.</summary>
    Path = 1,

    /// <summary>A route before the second <c>/</c> of its path: <c>/pages/create?x</c> → <c>/pages</c>.</summary>
    Section = 2,
}

/// <summary>A field that is computed from another one's value and therefore not stored.</summary>
sealed record DerivedField(string Name, string Source, DerivedFunction Function)
{
    /// <summary>The value: a prefix of the source's.</summary>
    public ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> source) => source[..Length(source)];

    int Length(ReadOnlySpan<byte> source)
    {
        if (Function == DerivedFunction.Path)
        {
            return source.IndexOf((byte)'?') is >= 0 and var query ? query : source.Length;
        }

        // A section is short: it ends before anything that looks at many bytes at a time would have begun.
        for (var at = 0; at < source.Length; at++)
        {
            if (source[at] == (byte)'?' || (source[at] == (byte)'/' && at > 0))
            {
                return at;
            }
        }

        return source.Length;
    }
}
