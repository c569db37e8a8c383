using System.Buffers.Text;
using Puppylog.Parsing;
using Puppylog.Records;
using Puppylog.Sources;

namespace Puppylog.Pipeline;

/// <summary>Records of one source on their way into one pending commit: parsed, or rejected, and accounted for together.</summary>
ref struct BatchFill
{
    readonly SourceFeed _feed;
    readonly PendingCommit _pending;
    readonly LineParser _parser;
    readonly CollectCounters _counters;
    readonly ICollectReport _report;
    readonly SourcePeer? _peer;
    readonly int _first;
    int _records;

    /// <param name="feed">The source.</param>
    /// <param name="pending">Where its records go.</param>
    /// <param name="readTime">When the lines were read.</param>
    /// <param name="counters">Are told at the end.</param>
    /// <param name="report">Is told of invalid lines.</param>
    /// <param name="peer">Who sent the lines; null where they were not sent.</param>
    public BatchFill(SourceFeed feed, PendingCommit pending, long readTime, CollectCounters counters, ICollectReport report, SourcePeer? peer)
    {
        (_feed, _pending, _counters, _report, _peer) = (feed, pending, counters, report, peer);
        _parser = feed.Bind(pending);
        _parser.ReadTime = readTime;
        Batch = pending.Batch(_parser.Shape, feed.RecordChain);
        _first = Batch.Count;
    }

    /// <summary>What the parser adds to. The texts of the records are put there first.</summary>
    public RecordBatch Batch { get; }

    /// <summary>Lines that were added.</summary>
    public int Lines { get; private set; }

    /// <summary>Adds a record.</summary>
    /// <param name="text">Its text in the batch.</param>
    /// <param name="content">What it stood in.</param>
    /// <param name="lines">How many lines it is.</param>
    /// <param name="cut">Bytes that it lost because it was too long.</param>
    public void Add(ByteSpan text, SourceContent content, int lines, long cut)
    {
        Lines += lines;
        _records++;
        content.LinesTaken += lines;
        if (!_parser.TryParse(text, out var reason))
        {
            _feed.LastTime = Batch.Count > _first ? Batch.Times[^1] : _feed.LastTime;
            Reject(Batch.Value(text), content.LinesTaken - lines + 1, reason ?? "no match", cut);
        }
        else if (cut > 0)
        {
            MarkCut(Batch, cut);
        }
    }

    /// <summary>Accounts for all that was added.</summary>
    public readonly void End()
    {
        if (Batch.Count > _first)
        {
            _feed.LastTime = Batch.Times[^1];
            _feed.Mark(_pending, Batch, _first, Batch.Count, _peer);
            _feed.Counters.Records += Batch.Count - _first;
            Share(Batch, _first);
        }

        _counters.AddRead(Lines);
        _counters.AddJoined(Lines - _records);
        _counters.AddRedacted(_feed.Chain?.Redactor?.TakeCount() ?? 0);
        _counters.AddUnnamed(_feed.TakeUnnamed());
        _feed.Counters.Lines += Lines;
        _pending.Lines += Lines;
    }

    readonly void Share(RecordBatch batch, int first)
    {
        if (_feed.RecordChain is not null)
        {
            _pending.AddShare(batch, first, _feed.Counters);
        }
    }

    readonly void Reject(ReadOnlySpan<byte> text, long line, string reason, long cut)
    {
        if (_feed.Invalid != InvalidLines.Keep)
        {
            _counters.AddInvalid();
            _feed.Counters.Invalid++;
            if (cut > 0)
            {
                _counters.AddCut();
            }

            if (_feed.Invalid == InvalidLines.Report)
            {
                _report.InvalidLine(_feed.Source.Name, line, reason, text);
            }

            return;
        }

        _counters.AddKept();
        _feed.Counters.Kept++;
        _feed.Counters.Records++;
        var batch = _pending.Batch(RecordShape.Plain, _feed.RecordChain);
        var copy = batch.Append(text);
        var row = batch.Add(_parser.ReplaceTimes ? _parser.ReadTime : _feed.LastTime ?? _parser.ReadTime, copy, copy, 0);
        _feed.Mark(_pending, batch, row, row + 1, _peer);
        Share(batch, row);
        if (cut > 0)
        {
            MarkCut(batch, cut);
        }
    }

    readonly void MarkCut(RecordBatch batch, long cut)
    {
        _counters.AddCut();
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(cut, digits, out var length);
        batch.Column(FieldNames.CutBytes).Set(batch.Count - 1, batch.Append(digits[..length]));
    }
}
