namespace Puppylog.Query.Filters.Values;

/// <summary><c>field:""</c>: the field is absent or empty.</summary>
sealed class EmptyFilter(string field) : ValueFilter(field)
{
    public override bool Matches(ReadOnlySpan<byte> value) => value.IsEmpty;

    public override string ToString() => FullPrefix + "\"\"";
}
