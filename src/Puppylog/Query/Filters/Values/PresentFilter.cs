namespace Puppylog.Query.Filters.Values;

/// <summary><c>field:*</c>: the field has a value that is not empty.</summary>
sealed class PresentFilter(string field) : ValueFilter(field)
{
    public override bool Matches(ReadOnlySpan<byte> value) => !value.IsEmpty;

    public override string ToString() => FullPrefix + "*";
}
