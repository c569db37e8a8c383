using Puppylog.Query.Execution.Scan;
using Puppylog.Query.Filters;
using Puppylog.Query.Pipes;
using Puppylog.Query.Values;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Query.Execution.Rows;

/// <summary>
/// Sorts rows with the fields that are read after it. With a limit it keeps at most about twice as many rows, and takes no
/// row that already has enough before it.
/// </summary>
sealed class SortOperator : GatheringOperator
{
    /// <summary>Rows kept above the limit before they are cut back to it.</summary>
    const int Slack = 1024;

    readonly SortPipe _pipe;
    readonly PipeOperator _next;
    readonly NeededFields _needed;
    readonly QueryContext _context;
    readonly long _keep;

    /// <summary>How many rows are kept before they are cut back; never, without a limit.</summary>
    readonly long _most;
    RowStore _rows;
    SortedKeys _keys;
    long _arrivals;
    int _worst = -1;

    public SortOperator(SortPipe pipe, PipeOperator next, NeededFields after, QueryContext context)
    {
        _pipe = pipe;
        _next = next;
        _needed = after;
        _context = context;
        _keep = pipe.Limit is { } limit ? Math.Min(limit, int.MaxValue / 4) + Math.Min(pipe.Offset, int.MaxValue / 4) : long.MaxValue;
        _most = _keep == long.MaxValue ? long.MaxValue : (_keep * 2) + Slack;
        _rows = new RowStore(after, context.Memory);
        _keys = new SortedKeys(pipe.Fields, pipe.ReversesTime, context.Memory);
    }

    /// <summary>The block that is pushed next; null where rows come in order.</summary>
    public MatchedBlock? Block { get; set; }

    /// <summary>How often the rows were cut back to the limit.</summary>
    public int Cuts { get; private set; }

    public override bool Push(RecordView view, ReadOnlySpan<int> rows)
    {
        if (_keep == 0)
        {
            return false;
        }

        var columns = new SortColumn[_pipe.Fields.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = new(FieldResolver.Resolve(view, _pipe.Fields[i].Name));
        }

        var bound = false;
        var first = _arrivals;
        _arrivals += rows.Length;
        foreach (var at in Candidates(view, rows))
        {
            var row = rows[at];
            var place = Block?.PlaceOf(row) ?? new RowPlace(0, first + at, 0, 0);
            if (_worst >= 0 && _keys.CompareCandidate(columns, row, place, _worst) > 0)
            {
                continue;
            }

            if (!bound)
            {
                _rows.Bind(view);
                bound = true;
            }

            _rows.Add(row);
            _keys.Add(columns, row, place);
            if (_rows.Count >= _most)
            {
                Cut();
                bound = false;
            }
        }

        return true;
    }

    public override void Merge(GatheringOperator other)
    {
        var theirs = (SortOperator)other;
        _rows.AddAll(theirs._rows, AllOf(theirs._rows));
        theirs._rows.Release();
        _keys.AddAll(theirs._keys, AllOf(theirs._rows));
        theirs._keys.Release();
        if (_rows.Count > _keep)
        {
            Cut();
        }
    }

    public override void Finish()
    {
        var order = Sorted();
        var shown = order.AsSpan((int)Math.Min(_pipe.Offset, order.Length));
        shown = shown[..(int)Math.Min(_pipe.Limit ?? long.MaxValue, shown.Length)];
        if (_pipe.IsBackwards)
        {
            shown.Reverse();
        }

        var view = _rows.ToView();
        if (_pipe.RankName is { } rank)
        {
            var places = new long[view.Count];
            for (var i = 0; i < shown.Length; i++)
            {
                places[shown[i]] = i + 1 + _pipe.Offset;
            }

            view.Add(rank, new IntegerVector(view.Count, places, null, ValueKind.Number));
        }

        if (shown.Length > 0)
        {
            _next.Push(view, shown);
        }

        _next.Finish();
    }

    /// <summary>Places in the rows. Of the newest N of a block no more than N: in a log, later rows push out all before.</summary>
    int[] Candidates(RecordView view, ReadOnlySpan<int> rows)
    {
        var places = new int[rows.Length];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = i;
        }

        if (!_pipe.ReversesTime || rows.Length <= _keep || view.Column(FieldNames.Time) is not TimestampVector column)
        {
            return places;
        }

        var times = new long[rows.Length];
        var ascending = true;
        for (var i = 0; i < times.Length; i++)
        {
            times[i] = column.Nanoseconds[rows[i]];
            ascending &= i == 0 || times[i] >= times[i - 1];
        }

        if (!ascending)
        {
            places.AsSpan().Sort((a, b) => times[a] != times[b] ? times[a].CompareTo(times[b]) : a.CompareTo(b));
        }

        return places[^(int)_keep..];
    }

    void Cut()
    {
        Cuts++;
        var order = Sorted();
        var kept = order.AsSpan(0, (int)Math.Min(_keep, order.Length));
        _rows = _rows.Keep(kept);
        var keys = new SortedKeys(_pipe.Fields, _pipe.ReversesTime, _context.Memory);
        keys.AddAll(_keys, kept);
        _keys.Release();
        _keys = keys;
        _worst = kept.Length - 1;
    }

    int[] Sorted()
    {
        var order = AllOf(_rows);
        _context.Cancellation.ThrowIfCancellationRequested();
        order.AsSpan().Sort(_keys.Compare);
        return order;
    }

    static int[] AllOf(RowStore rows)
    {
        var all = new int[rows.Count];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = i;
        }

        return all;
    }
}
