using Puppylog.Records;

namespace Puppylog.App.Api.Tail;

/// <summary>How a tail is sent. One thread calls, and waits while the client reads slowly.</summary>
interface ITailOutput
{
    /// <summary>True where original lines are read.</summary>
    bool ReadsRaw => false;

    /// <summary>A record, or a row of a result, and the cursor behind it.</summary>
    void Row(RecordView view, int row, TailCursor cursor);

    /// <summary>So many matching records were left out, because the client read too slowly.</summary>
    void Skipped(long records, TailCursor cursor);

    /// <summary>The cursor that was asked for is of another store: it goes on from now.</summary>
    void Reset(TailCursor cursor);

    /// <summary>Sends what was written; false where nobody reads any more.</summary>
    bool Flush();

    /// <summary>Nothing came for a while: says that the connection lives.</summary>
    bool Beat();
}
