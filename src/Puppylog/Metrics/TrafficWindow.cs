using System.Buffers.Text;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Metrics;

/// <summary>Gathers the traffic of one interval. Memory is bounded whatever comes. Not thread-safe.</summary>
/// <param name="start">Seconds since 1970 UTC.</param>
sealed class TrafficWindow(long start)
{
    public const int TopSections = 10;
    public const int TopRoutes = 5;

    readonly SectionTally _sections = new();
    readonly RouteTally _routes = new();
    readonly ClientTally _clients = new();
    readonly long[] _statusClasses = new long[5];
    long _requests;
    long _bytes;
    long _invalid;
    long _late;

    public long Start => start;

    public long Requests => _requests;

    /// <summary>Requests that the server failed (5xx).</summary>
    public long Errors => _statusClasses[4];

    public void Add(RecordView view)
    {
        var rows = new int[view.Count];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = row;
        }

        Add(view, rows);
    }

    public void Add(RecordView view, ReadOnlySpan<int> rows)
    {
        if (rows.IsEmpty)
        {
            return;
        }

        _requests += rows.Length;
        _sections.Add(view.Column(FieldNames.Section), rows);
        _clients.Add(view.Column(FieldNames.Host), rows);
        _routes.Add(view.Column(FieldNames.Path), view.Column(FieldNames.Duration), rows);
        AddStatus(view.Column(FieldNames.Status), rows);
        AddBytes(view.Column(FieldNames.Bytes), rows);
    }

    public void AddInvalid(long lines) => _invalid += lines;

    public void AddLate(long lines) => _late += lines;

    /// <param name="end">Seconds since 1970 UTC, not included.</param>
    /// <param name="sections">How many sections it names.</param>
    /// <param name="routes">How many routes it names.</param>
    public TrafficSummary Summarize(long end, int sections = TopSections, int routes = TopRoutes) => new()
    {
        Start = start,
        End = end,
        Requests = _requests,
        Invalid = _invalid,
        Late = _late,
        Bytes = _bytes,
        Clients = _clients.Count,
        MoreClients = _clients.HasMore,
        StatusClasses = [.. _statusClasses],
        Sections = _sections.Top(sections),
        SlowestRoutes = _routes.Slowest(routes),
    };

    void AddStatus(ColumnVector? column, ReadOnlySpan<int> rows)
    {
        if (column is null)
        {
            return;
        }

        foreach (var row in rows)
        {
            if (TryRead(column, row, out var status) && status is >= 100 and < 600)
            {
                _statusClasses[(status / 100) - 1]++;
            }
        }
    }

    void AddBytes(ColumnVector? column, ReadOnlySpan<int> rows)
    {
        if (column is null)
        {
            return;
        }

        foreach (var row in rows)
        {
            if (TryRead(column, row, out var bytes) && bytes > 0)
            {
                _bytes = _bytes > long.MaxValue - bytes ? long.MaxValue : _bytes + bytes;
            }
        }
    }

    static bool TryRead(ColumnVector column, int row, out long value)
    {
        if (column is IntegerVector integers)
        {
            value = integers.Values[row];
            return true;
        }

        var text = column.Value(row);
        return Utf8Parser.TryParse(text, out value, out int length) && length == text.Length;
    }
}
