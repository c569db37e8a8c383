using System.Collections.Immutable;
using Puppylog.Query.Filters;
using Puppylog.Query.Syntax;

namespace Puppylog.Query.Pipes;

/// <summary>A field that rows are grouped by, in buckets where a step is given.</summary>
sealed record GroupField(string Name, Bucket? Bucket = null)
{
    /// <summary><c>(a, _time:10s)</c>, standing before the parenthesis; empty where <c>()</c>.</summary>
    public static ImmutableArray<GroupField> ParseList(TokenReader reader)
    {
        var fields = ImmutableArray.CreateBuilder<GroupField>();
        reader.ExpectSymbol('(');
        if (reader.TakeSymbol(')'))
        {
            return [];
        }

        do
        {
            var name = FieldResolver.Canonical(FieldSyntax.Name(reader));
            fields.Add(new(name, reader.TakeSymbol(':') ? Bucket.Parse(reader) : null));
        }
        while (reader.TakeSymbol(','));
        FieldSyntax.Close(reader);
        return fields.ToImmutable();
    }

    public override string ToString() => Bucket is null ? FieldSyntax.Quote(Name) : $"{FieldSyntax.Quote(Name)}:{Bucket}";
}
