using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Puppylog.Query.Execution.Rows;
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
sealed class HitsOperator(
    ImmutableArray<string> fields, bool byHits, bool skipsEmpty, long limit, string? hitsName, string? rankName, PipeOperator next, QueryContext context)
    : GatheringOperator
{
    readonly GroupTable _groups = new([.. fields.Select(field => new GroupField(field))], context.Memory);
    readonly GroupArray<long> _hits = new(context.Memory, 8);

    public override bool Push(RecordView view, ReadOnlySpan<int> rows)
    {
        var groups = _groups.Assign(_groups.Resolve(view), rows);
        _hits.Ensure(_groups.Count);
        foreach (var group in groups)
        {
            _hits.Items[group]++;
        }

        return true;
    }

    public override void Merge(GatheringOperator other)
    {
        var theirs = (HitsOperator)other;
        var map = _groups.Merge(theirs._groups);
        _hits.Ensure(_groups.Count);
        for (var group = 0; group < map.Length; group++)
        {
            _hits.Items[map[group]] += theirs._hits.Items[group];
        }
    }

    public override void Finish()
    {
        var order = Enumerable.Range(0, _groups.Count).Where(group => !skipsEmpty || !IsEmpty(group)).ToArray();
        order.AsSpan().Sort(Compare);
        var shown = order.AsSpan(0, (int)Math.Min(limit, order.Length));
        var view = new ResultView(shown.Length);
        _groups.AddColumns(view, shown);
        if (hitsName is not null)
        {
            view.Add(hitsName, Integers(shown, (group, _) => _hits.Items[group]));
        }

        if (rankName is not null)
        {
            view.Add(rankName, Integers(shown, (_, place) => place + 1));
        }

        next.PushAll(view);
        next.Finish();
    }

    int Compare(int a, int b)
    {
        var order = byHits ? _hits.Items[b].CompareTo(_hits.Items[a]) : 0;
        return order != 0 ? order : _groups.Compare(a, b);
    }

    bool IsEmpty(int group)
    {
        for (var field = 0; field < fields.Length; field++)
        {
            if (!_groups.Value(group, field).IsEmpty)
            {
                return false;
            }
        }

        return true;
    }

    static IntegerVector Integers(ReadOnlySpan<int> groups, Func<int, int, long> value)
    {
        var values = new long[groups.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(groups[i], i);
        }

        return new IntegerVector(values.Length, values, null, ValueKind.Number);
    }
}
