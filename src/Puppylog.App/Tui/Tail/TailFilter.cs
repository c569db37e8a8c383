using Puppylog.Query;
using Puppylog.Query.Syntax;
using Puppylog.Records;

namespace Puppylog.App.Tui.Tail;

/// <summary>Which records the tail shows: LogsQL without pipes.</summary>
sealed class TailFilter
{
    readonly LogQuery _query;

    TailFilter(string text, LogQuery query) => (Text, _query) = (text, query);

    /// <summary>Takes everything.</summary>
    public static TailFilter All { get; } = new("", QueryParser.Parse("*", 0));

    /// <summary>As it was written; empty for everything.</summary>
    public string Text { get; }

    public LogQuery Query => _query;

    public bool TakesAll => Text.Length == 0;

    /// <param name="text">LogsQL; empty takes everything.</param>
    /// <param name="now">Nanoseconds since 1970, UTC.</param>
    /// <param name="groups">Finds a group's selector.</param>
    /// <exception cref="LogsqlException">It is not understood, or has pipes.</exception>
    public static TailFilter Parse(string text, long now, Func<string, string?>? groups)
    {
        if (text.Trim() is "" or "*")
        {
            return All;
        }

        var query = QueryParser.Parse(text, now, groups);
        return query.Pipes.IsEmpty
            ? new(text.Trim(), query)
            : throw new LogsqlException(text, Math.Max(0, text.IndexOf('|', StringComparison.Ordinal)), "the tail takes a filter without pipes");
    }

    /// <summary>The rows that match.</summary>
    public int[] Rows(RecordView view)
    {
        if (view.Count == 0)
        {
            return [];
        }

        var rows = RowBitmap.All(view.Count);
        if (!_query.Filter.MayMatch(view))
        {
            return [];
        }

        _query.Filter.Apply(view, rows);
        return rows.ToRows();
    }
}
