using System.Buffers;
using System.Collections.Immutable;
using Puppylog.Query.Execution.Rows;
using Puppylog.Query.Filters;
using Puppylog.Query.Pipes;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Groups;

/// <summary>Counts the rows of each group: the heart of <c>top</c>, <c>uniq</c> and <c>field_values</c>.</summary>
/// <param name="fields">What the rows are grouped by.</param>
/// <param name="byHits">True to put the groups with the most rows first; then, and else, they are sorted by their values.</param>
/// <param name="skipsEmpty">True to leave out rows without any of the fields.</param>
/// <param name="limit">The most groups that are handed on.</param>
/// <param name="hitsName">The name of the counts; null to leave them out.</param>
/// <param name="rankName">The name of the place from 1 on; null to leave it out.</param>
class HitsOperator(
    ImmutableArray<string> fields, bool byHits, bool skipsEmpty, long limit, string? hitsName, string? rankName, PipeOperator next, QueryContext context)
    : GatheringOperator
{
    readonly ImmutableArray<GroupField> _groupFields = [.. fields.Select(field => new GroupField(field))];
    readonly ArrayBufferWriter<byte> _key = new();

    /// <summary>What is counted so far.</summary>
    public HitTable Hits { get; } = new(fields.Length, context.Memory);

    public override bool Push(RecordView view, ReadOnlySpan<int> rows)
    {
        var columns = new ColumnVector?[fields.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = FieldResolver.Resolve(view, fields[i]);
        }

        switch (columns)
        {
            case [DictionaryVector dictionary]:
                AddDictionary(dictionary, rows);
                break;
            case [TextVector text]:
                Hits.Add(text, rows);
                break;
            case [Ipv4Vector addresses]:
                Hits.Add(addresses, rows);
                break;
            case [{ } column and not (ConstantVector or IntegerVector or TimestampVector)]:
                foreach (var row in rows)
                {
                    Hits.Add(column.Value(row), 1);
                }

                break;
            default:
                AddKeys(columns, rows);
                break;
        }

        return true;
    }

    public override void Merge(GatheringOperator other) => Hits.Merge(((HitsOperator)other).Hits);

    public override void Finish()
    {
        var groups = Groups();
        if (!byHits)
        {
            groups = groups.Select(group => (group.Group, 0L));
        }

        var shown = GroupSelection.First(Hits, groups, Hits.Count, limit, context);
        var view = new ResultView(shown.Length);
        Hits.AddColumns(view, fields, shown);
        if (hitsName is not null)
        {
            view.Add(hitsName, Integers([.. shown.Select(group => Hits.Hits(group.Group))]));
        }

        if (rankName is not null)
        {
            view.Add(rankName, Integers([.. Enumerable.Range(1, shown.Length).Select(place => (long)place)]));
        }

        next.PushAll(view);
        next.Finish();
    }

    /// <summary>The groups that may be handed on, with their hits.</summary>
    protected IEnumerable<(int Group, long Hits)> Groups() => skipsEmpty ? Hits.Groups().Where(group => !IsEmpty(group.Group)) : Hits.Groups();

    /// <summary>Takes the values of a dictionary in.</summary>
    /// <param name="dictionary">The values.</param>
    /// <param name="counts">Rows per code.</param>
    protected virtual void Add(DictionaryVector dictionary, ReadOnlySpan<int> counts)
    {
        if (dictionary is { HasValues: false, Distinct: Ipv4Vector addresses })
        {
            Hits.Add(dictionary, addresses, counts);
        }
        else
        {
            Hits.Add(dictionary.Values, counts);
        }
    }

    void AddDictionary(DictionaryVector dictionary, ReadOnlySpan<int> rows)
    {
        var rented = ArrayPool<int>.Shared.Rent(dictionary.DistinctCount);
        var counts = rented.AsSpan(0, dictionary.DistinctCount);
        CodeCounts.Of(dictionary, rows, counts);
        Add(dictionary, counts);
        ArrayPool<int>.Shared.Return(rented);
    }

    void AddKeys(ColumnVector?[] columns, ReadOnlySpan<int> rows)
    {
        using var keys = new BlockKeys(columns, _groupFields, rows);
        var rented = ArrayPool<int>.Shared.Rent(keys.Count);
        var counts = rented.AsSpan(0, keys.Count);
        Histogram.Count(keys.Numbers.AsSpan(0, rows.Length), counts);

        for (var number = 0; number < counts.Length; number++)
        {
            if (counts[number] > 0)
            {
                Hits.Add(keys.Key(number, _key), counts[number]);
            }
        }

        ArrayPool<int>.Shared.Return(rented);
    }

    bool IsEmpty(int group)
    {
        for (var field = 0; field < fields.Length; field++)
        {
            if (!Hits.Value(group, field).IsEmpty)
            {
                return false;
            }
        }

        return true;
    }

    static IntegerVector Integers(long[] values) => new(values.Length, values, null, ValueKind.Number);
}
