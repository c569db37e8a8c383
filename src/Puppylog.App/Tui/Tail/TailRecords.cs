using Puppylog.Query.Execution;
using Puppylog.Records;

namespace Puppylog.App.Tui.Tail;

/// <summary>Copies a query's records for the tail.</summary>
sealed class TailRecords : IResultSink
{
    readonly List<byte> _scratch = [];
    RecordView? _view;
    string[] _names = [];

    public List<TailRecord> Records { get; } = [];

    public bool ReadsRaw => false;

    public bool Write(RecordView view, ReadOnlySpan<int> rows)
    {
        if (!ReferenceEquals(view, _view))
        {
            (_view, _names) = (view, TailRecord.Names(view));
        }

        foreach (var row in rows)
        {
            Records.Add(TailRecord.Copy(view, row, _names, _scratch));
        }

        return true;
    }
}
