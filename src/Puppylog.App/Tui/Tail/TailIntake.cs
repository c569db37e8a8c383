using Puppylog.App.Watch;
using Puppylog.Query;
using Puppylog.Records;

namespace Puppylog.App.Tui.Tail;

/// <summary>Copies what comes for the live tail, and hands it on.</summary>
sealed class TailIntake(TailModel tail, Lock sync, ITrafficSink next) : ITrafficSink
{
    /// <summary>What the overview shows as errors.</summary>
    static readonly LogQuery Errors = QueryParser.Parse("status:>=500 or level:=error or level:=fatal", 0);

    readonly List<byte> _scratch = [];
    long _commit;

    public void Commit(long number)
    {
        _commit = number;
        next.Commit(number);
    }

    public void Take(RecordView records, long invalid)
    {
        if (records.Count > 0)
        {
            Copy(records);
        }

        next.Take(records, invalid);
    }

    void Copy(RecordView view)
    {
        TailFilter filter;
        int version;
        lock (sync)
        {
            (filter, version) = (tail.Filter, tail.Version);
        }

        // Of more than can be shown, the newest.
        var first = Math.Max(0, view.Count - TailBuffer.DefaultRecords);
        var names = TailRecord.Names(view);
        var records = new TailRecord[view.Count - first];
        for (var row = first; row < view.Count; row++)
        {
            records[row - first] = TailRecord.Copy(view, row, names, _scratch);
        }

        var rows = filter.TakesAll ? null : filter.Rows(view);
        var matching = rows is null ? records : Pick(rows, records, first);
        var failed = RowBitmap.All(view.Count);
        Errors.Filter.Apply(view, failed);
        var errors = Pick(failed.ToRows(), records, first);
        lock (sync)
        {
            tail.Add(records, matching, errors, version, _commit, view.Count, rows?.Length ?? view.Count);
        }
    }

    static TailRecord[] Pick(int[] rows, TailRecord[] records, int first) => [.. rows.Where(row => row >= first).Select(row => records[row - first])];
}
