using System.Collections.Immutable;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.Query.Filters.Values;

/// <summary><c>field:in(a, "b c")</c>: the value is one of these. An empty list matches nothing.</summary>
sealed class InFilter : ValueFilter
{
    readonly ImmutableArray<string> _texts;
    readonly ImmutableArray<ExactFilter> _exact;
    readonly HashSet<byte[]> _values;

    public InFilter(string field, ImmutableArray<string> texts)
        : base(field)
    {
        _texts = texts;
        _exact = [.. texts.Select(text => new ExactFilter(field, text))];
        _values = new(texts.Select(Utf8), ByteStringComparer.Instance);
    }

    public override bool Matches(ReadOnlySpan<byte> value) =>
        _values.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(value);

    public override bool MayMatch(RecordView view)
    {
        foreach (var filter in _exact)
        {
            if (filter.Matches([]) || filter.MayMatch(view))
            {
                return true;
            }
        }

        return false;
    }

    public override string ToString() => $"{FullPrefix}in({string.Join(", ", _texts.Select(Quoting.Word))})";
}
