using System.Collections.Immutable;
using Puppylog.Records;

namespace Puppylog.Query.Filters.Streams;

/// <summary>
/// <c>{app="nginx", file_path!~"/tmp/.*"}</c>: the stream has these labels; <c>or</c> between groups of them. A label that
/// <c>_stream</c> does not name is taken from the record's field.
/// </summary>
/// <param name="groups">The groups, of which one must match; all selectors of a group must.</param>
sealed class StreamFilter(ImmutableArray<ImmutableArray<StreamSelector>> groups) : Filter
{
    public override void Apply(RecordView view, RowBitmap rows)
    {
        var open = rows.Clone();
        foreach (var group in groups)
        {
            var found = open.Clone();
            foreach (var selector in group)
            {
                selector.Apply(view, found);
            }

            open.AndNot(found);
        }

        rows.AndNot(open);
    }

    public override void AddFields(ISet<string> fields)
    {
        fields.Add(FieldNames.Stream);
        foreach (var selector in groups.SelectMany(group => group))
        {
            fields.Add(selector.Label);
        }
    }

    public override string ToString() => $"{{{string.Join(" or ", groups.Select(group => string.Join(",", group)))}}}";
}
