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
        var query = source.IndexOf((byte)'?');
        var path = query < 0 ? source : source[..query];
        if (Function == DerivedFunction.Path || path.IsEmpty)
        {
            return path.Length;
        }

        var second = path[1..].IndexOf((byte)'/');
        return second < 0 ? path.Length : second + 1;
    }
}
