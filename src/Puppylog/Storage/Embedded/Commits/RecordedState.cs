using Microsoft.Data.Sqlite;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Catalog;

namespace Puppylog.Storage.Embedded.Commits;

/// <summary>
/// What the catalogue has recorded, as the writing thread knows it, and the way back to it: after a failure nothing is
/// appended before the segments are cut back to what is recorded. The writing thread only.
/// </summary>
sealed class RecordedState
{
    readonly CatalogWriter _catalog;
    readonly SegmentSet _segments;
    readonly CommitFeed _feed;
    Dictionary<string, SourcePosition> _positions = new(StringComparer.Ordinal);
    long _inFlight;
    bool _isInDoubt;

    public RecordedState(CatalogWriter catalog, SegmentSet segments, CommitFeed feed)
    {
        (_catalog, _segments, _feed) = (catalog, segments, feed);
        ReadBack();
        _feed.Restart(LastCommit);
    }

    public long LastCommit { get; private set; }

    public IReadOnlyDictionary<string, SourcePosition> Positions => _positions;

    /// <summary>What is recorded, or what lies behind it, is not known for certain any more.</summary>
    public void Doubt() => _isInDoubt = true;

    /// <summary>Records the bytes that may lie behind the recorded lengths from now on, where they were never so many.</summary>
    public void RaiseInFlight(long bytes)
    {
        if (bytes > _inFlight)
        {
            _catalog.RaiseInFlight(bytes);
            _inFlight = bytes;
        }
    }

    /// <summary>The moment of truth. Where its outcome is unclear, what the catalogue says decides.</summary>
    public void Record(CatalogChange change)
    {
        try
        {
            _catalog.Apply(change);
        }
        catch (Exception e) when (e is SqliteException or IOException)
        {
            _catalog.Reopen();
            if (_catalog.LastCommit() < change.LastCommit)
            {
                throw;
            }
        }

        _segments.Accept();
        _isInDoubt = false;
        LastCommit = change.LastCommit;
        foreach (var move in change.Positions)
        {
            _positions[move.To.Source] = move.To;
        }
    }

    /// <summary>Where something is in doubt: learns what is recorded and cuts the segments back to it.</summary>
    public void Settle()
    {
        if (!_isInDoubt)
        {
            return;
        }

        var before = LastCommit;
        _catalog.Reopen();
        ReadBack();
        _catalog.Confirm();
        _segments.CutBack(_catalog.FindSegment);
        if (LastCommit != before)
        {
            _feed.Restart(LastCommit);
        }

        _isInDoubt = false;
    }

    public void TrySettle()
    {
        try
        {
            Settle();
        }
        catch (Exception e) when (e is IOException or SqliteException or UnauthorizedAccessException or LogStoreException)
        {
            // Still in doubt: tried again before anything is written.
        }
    }

    void ReadBack()
    {
        LastCommit = _catalog.LastCommit();
        _inFlight = _catalog.InFlight();
        _positions = _catalog.Positions().ToDictionary(position => position.Source, StringComparer.Ordinal);
    }
}
