using System.Buffers.Text;
using Puppylog.Parsing;
using Puppylog.Records;
using Puppylog.Sources;

namespace Puppylog.Pipeline;

/// <summary>Turns runs of lines into records of pending commits. Bytes are copied once, a run at a time.</summary>
sealed class BatchFiller(CollectOptions options, CollectCounters counters, ICollectReport report, TimeProvider clock)
{
    readonly BatchPool _pool = new();
    readonly Queue<PendingCommit> _full = new();
    PendingCommit? _pending;

    /// <summary>What is being filled.</summary>
    public PendingCommit Pending => _pending ??= new PendingCommit(_pool);

    /// <summary>The oldest commit that is full; false where none is.</summary>
    public bool TryTakeFull(out PendingCommit commit) => _full.TryDequeue(out commit!);

    /// <summary>What has been filled so far, full or not; false where nothing was.</summary>
    public bool TryTakeRest(out PendingCommit commit)
    {
        if (TryTakeFull(out commit))
        {
            return true;
        }

        commit = Pending;
        _pending = null;
        if (commit.IsEmpty)
        {
            commit.Release();
            return false;
        }

        return true;
    }

    public void Add(SourceFeed feed, LineRun run)
    {
        counters.Bytes += run.Lines.Covered;
        var rest = run.Lines.Bytes;
        var offset = run.Offset;
        var end = run.Offset + run.Lines.Covered;
        if (rest.IsEmpty)
        {
            Pending.Since ??= clock.GetTimestamp();
            Move(run.Content, end);
            return;
        }

        var readTime = Timestamps.Now(clock);
        while (!rest.IsEmpty)
        {
            Pending.Since ??= clock.GetTimestamp();
            var parser = feed.Bind(Pending, rest);
            parser.ReadTime = readTime;
            var taken = Fill(feed, parser, rest, run);
            rest = rest[taken..];
            offset += taken;
            Move(run.Content, rest.IsEmpty ? end : offset);
        }
    }

    /// <summary>Adds lines until they end or a batch has all the records that it may; returns the bytes taken.</summary>
    int Fill(SourceFeed feed, LineParser parser, ReadOnlySpan<byte> bytes, in LineRun run)
    {
        var pending = Pending;
        var batch = pending.Batch(parser.Shape);
        var copy = batch.Append(bytes);
        var first = batch.Count;
        var unnamed = parser.Unnamed;
        var lines = 0;
        var at = 0;
        while (at < bytes.Length && !pending.HasAllRecords)
        {
            var newline = bytes[at..].IndexOf((byte)'\n');
            var length = newline < 0 ? bytes.Length - at : newline;
            var cut = newline < 0 ? run.Lines.Left : 0;
            if (length > options.MaxLine)
            {
                cut += length - options.MaxLine;
            }

            lines++;
            run.Content.LinesTaken++;
            var line = new ByteSpan(copy.Offset + at, Math.Min(length, options.MaxLine));
            if (!parser.TryParse(line, out var reason))
            {
                feed.LastTime = batch.Count > first ? batch.Times[^1] : feed.LastTime;
                Reject(feed, pending, bytes.Slice(at, line.Length), run.Content.LinesTaken, reason ?? "no match", cut);
            }
            else if (cut > 0)
            {
                MarkCut(batch, cut);
            }

            at += newline < 0 ? length : length + 1;
        }

        if (batch.Count > first)
        {
            feed.LastTime = batch.Times[^1];
            feed.Mark(pending, batch, first, batch.Count);
        }

        counters.Read += lines;
        counters.Unnamed += parser.Unnamed - unnamed;
        pending.Lines += lines;
        return at;
    }

    void Reject(SourceFeed feed, PendingCommit pending, ReadOnlySpan<byte> text, long line, string reason, long cut)
    {
        if (feed.Invalid != InvalidLines.Keep)
        {
            counters.Invalid++;
            counters.Cut += cut > 0 ? 1 : 0;
            if (feed.Invalid == InvalidLines.Report)
            {
                report.InvalidLine(feed.Source.Name, line, reason, text);
            }

            return;
        }

        counters.Kept++;
        var batch = pending.Batch(RecordShape.Plain);
        var copy = batch.Append(text);
        var parser = feed.Parser!;
        var row = batch.Add(parser.ReplaceTimes ? parser.ReadTime : feed.LastTime ?? parser.ReadTime, copy, copy, 0);
        feed.Mark(pending, batch, row, row + 1);
        if (cut > 0)
        {
            MarkCut(batch, cut);
        }
    }

    void MarkCut(RecordBatch batch, long cut)
    {
        counters.Cut++;
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(cut, digits, out var length);
        batch.Column(FieldNames.CutBytes).Set(batch.Count - 1, batch.Append(digits[..length]));
    }

    void Move(SourceContent content, long offset)
    {
        var pending = Pending;
        if (content.At(offset) is { } position)
        {
            pending.MoveTo(position);
        }

        if (pending.IsFull)
        {
            _full.Enqueue(pending);
            _pending = null;
        }
    }
}
