using Puppylog.Query.Execution;
using Puppylog.Query.Filters;
using Puppylog.Query.Filters.Parsing;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.Query.Pipes;

/// <summary><c>filter …</c> (also <c>where</c>): rows that match a filter, of records or of results.</summary>
sealed class FilterPipe(Filter filter) : RowwisePipe
{
    public static FilterPipe Parse(TokenReader reader, long now) => new(FilterParser.Parse(reader, now));

    public Filter Filter => filter;

    public override NeededFields Needed(NeededFields after)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        filter.AddFields(names);
        return after.With(names);
    }

    public override RecordView Apply(RecordView view, ref int[] rows)
    {
        rows = Narrow(filter, view, rows);
        return view;
    }

    /// <summary>The rows that match, in their order.</summary>
    public static int[] Narrow(Filter filter, RecordView view, int[] rows)
    {
        var bitmap = new RowBitmap(view.Count);
        foreach (var row in rows)
        {
            bitmap[row] = true;
        }

        filter.Apply(view, bitmap);
        return Array.FindAll(rows, row => bitmap[row]);
    }

    public override string ToString() => $"filter {filter}";
}
