namespace Puppylog.Query.Pipes;

/// <summary>A field to sort by.</summary>
readonly record struct SortField(string Name, bool Descending)
{
    public override string ToString() => Descending ? $"{FieldSyntax.Quote(Name)} desc" : FieldSyntax.Quote(Name);
}
