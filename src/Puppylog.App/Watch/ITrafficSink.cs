using Puppylog.Records;

namespace Puppylog.App.Watch;

/// <summary>Takes traffic: live it counts by the clock, in a replay by the records' own times.</summary>
interface ITrafficSink
{
    /// <param name="records">Records that came; the view is used during the call only.</param>
    /// <param name="invalid">Lines that came with them and do not match the format.</param>
    void Take(RecordView records, long invalid);

    /// <summary>Says which of a store's commits the records are of that come next.</summary>
    void Commit(long number)
    {
    }
}
