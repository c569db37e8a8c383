using System.Buffers.Text;
using Puppylog.Parsing;
using Puppylog.Pipeline.Joining;
using Puppylog.Records;
using Puppylog.Sources;

namespace Puppylog.Pipeline;

/// <summary>Turns runs of lines into records of pending commits. Bytes are copied once, a run at a time.</summary>
sealed class BatchFiller(CollectOptions options, LineParserLookup parsers, CollectCounters counters, ICollectReport report, TimeProvider clock)
{
    readonly BatchPool _pool = new();
    readonly ChainBook _chains = new(clock);
    readonly ParserBook _parsers = new(parsers);
    readonly Queue<PendingCommit> _full = new();
    PendingCommit? _pending;

    /// <summary>What is being filled.</summary>
    public PendingCommit Pending => _pending ??= new PendingCommit(_pool, options.BatchSize);

    /// <summary>Lines that were read so far.</summary>
    public long Lines { get; private set; }

    /// <summary>The oldest commit that is full; false where none is.</summary>
    public bool TryTakeFull(out PendingCommit commit)
    {
        var isThere = _full.TryDequeue(out commit!);
        if (isThere)
        {
            commit.Process(counters);
        }

        return isThere;
    }

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

        commit.Process(counters);
        return true;
    }

    public void Add(SourceFeed feed, LineRun run)
    {
        counters.AddBytes(run.Lines.Covered);
        feed.Counters.Bytes += run.Lines.Covered;
        if (run.Lines.Replaced > 0)
        {
            counters.AddReplaced(run.Lines.Replaced);
        }

        if (run.Lines.Bytes.IsEmpty)
        {
            if (feed.Joiner?.TryAnnounce(run.Content, run.Offset + run.Lines.Covered) != true)
            {
                Pending.Since ??= clock.GetTimestamp();
                Move(run.Content, run.Offset + run.Lines.Covered);
            }

            return;
        }

        AddText(feed, run);
    }

    /// <summary>Lets other settings hold for a feed: from the first line on of the records that are not complete yet.</summary>
    public void Change(SourceFeed feed, SourceOptions settings)
    {
        var held = feed.Joiner?.TakeHeld();
        feed.Change(settings);
        if (_pending is { IsEmpty: false } pending)
        {
            // Its further records may have another shape: within a commit they would not stay behind those before them.
            _full.Enqueue(pending);
            _pending = null;
        }

        foreach (var (run, bytes) in held ?? [])
        {
            if (bytes.Length == 0)
            {
                Move(run.Content, run.Offset);
                continue;
            }

            AddText(feed, run.Lines(bytes));
        }
    }

    void AddText(SourceFeed feed, LineRun run)
    {
        feed.Prepare(run.Lines.Bytes, _chains, _parsers);
        if (feed.Joiner is { } joiner)
        {
            joiner.Add(run, clock.GetTimestamp());
            AddJoined(feed, joiner);
        }
        else
        {
            AddLines(feed, run);
        }
    }

    /// <summary>Adds what a joiner holds and gives up.</summary>
    public void AddJoined(SourceFeed feed, RecordJoiner joiner)
    {
        while (joiner.TryTake(out var records, out var end))
        {
            var from = records[0].Start;
            while (!records.IsEmpty)
            {
                var count = FillJoined(feed, joiner, records, from, end);
                records = records[count..];
                var reached = records.IsEmpty ? end : records[0].Start;
                MoveJoined(joiner, from, reached);
                from = reached;
            }
        }
    }

    void AddLines(SourceFeed feed, in LineRun run)
    {
        var rest = run.Lines.Bytes;
        var readTime = Timestamps.Now(clock);
        while (!rest.IsEmpty)
        {
            var parser = Bind(feed, readTime);
            var taken = Fill(feed, parser, rest, run);
            rest = rest[taken..];
            Move(run.Content, run.Offset + run.Lines.CoveredBy(run.Lines.Bytes.Length - rest.Length));
        }
    }

    LineParser Bind(SourceFeed feed, long readTime)
    {
        Pending.Since ??= clock.GetTimestamp();
        var parser = feed.Bind(Pending);
        parser.ReadTime = readTime;
        return parser;
    }

    /// <summary>Adds lines until they end or a batch has all the records that it may; returns the bytes taken.</summary>
    int Fill(SourceFeed feed, LineParser parser, ReadOnlySpan<byte> bytes, in LineRun run)
    {
        var pending = Pending;
        var batch = pending.Batch(parser.Shape, feed.RecordChain);
        var taken = bytes;
        if (feed.Chain?.Redactor is { } redactor)
        {
            taken = bytes[..LineLength(bytes, Math.Max(1, pending.Room))];
            bytes = redactor.Redact(taken);
        }

        var copy = batch.Append(bytes);
        var first = batch.Count;
        var mostBytes = feed.Settings.MaxLine;
        var lines = 0;
        var at = 0;
        while (at < bytes.Length && !pending.HasAllRecords)
        {
            var newline = run.Lines.IsOneRecord ? -1 : bytes[at..].IndexOf((byte)'\n');
            var length = newline < 0 ? bytes.Length - at : newline;
            var cut = newline < 0 ? run.Lines.Left : 0;
            if (length > mostBytes)
            {
                cut += length - mostBytes;
            }

            lines++;
            run.Content.LinesTaken++;
            var line = new ByteSpan(copy.Offset + at, Math.Min(length, mostBytes));
            if (!parser.TryParse(line, out var reason))
            {
                feed.LastTime = batch.Count > first ? batch.Times[^1] : feed.LastTime;
                Reject(feed, pending, batch.Value(line), run.Content.LinesTaken, reason ?? "no match", cut, run.Peer);
            }
            else if (cut > 0)
            {
                MarkCut(batch, cut);
            }

            at += newline < 0 ? length : length + 1;
        }

        Account(feed, batch, first, lines, lines, run.Peer);
        return feed.Chain?.Redactor is null ? at : LineLength(taken, lines);
    }

    /// <summary>Bytes of the first lines, their newlines included; of all where there are no more.</summary>
    static int LineLength(ReadOnlySpan<byte> bytes, int lines)
    {
        var at = 0;
        for (; lines > 0 && at < bytes.Length; lines--)
        {
            var newline = bytes[at..].IndexOf((byte)'\n');
            at = newline < 0 ? bytes.Length : at + newline + 1;
        }

        return at;
    }

    /// <summary>Adds joined records until they end or a batch has all the records that it may; returns how many.</summary>
    int FillJoined(SourceFeed feed, RecordJoiner joiner, ReadOnlySpan<JoinedRecord> records, int from, int end)
    {
        var parser = Bind(feed, Timestamps.Now(clock));
        var pending = Pending;
        var batch = pending.Batch(parser.Shape, feed.RecordChain);
        var redactor = feed.Chain?.Redactor;
        var copy = redactor is null ? batch.Append(joiner.Bytes[from..end]) : default;
        var first = batch.Count;
        var lines = 0;
        var count = 0;
        var run = 0;
        while (count < records.Length && !pending.HasAllRecords)
        {
            var record = records[count++];
            while (joiner.Runs[run].End <= record.Start)
            {
                run++;
            }

            var content = joiner.Runs[run].Content;
            var line = redactor is not null ? batch.Append(redactor.Redact(joiner.TextOf(record)))
                : record.Pieces.Count == 1 ? new ByteSpan(copy.Offset + record.Start - from, record.End - record.Start)
                : batch.Append(joiner.TextOf(record));
            content.LinesTaken += record.Lines;
            lines += record.Lines;
            if (!parser.TryParse(line, out var reason))
            {
                feed.LastTime = batch.Count > first ? batch.Times[^1] : feed.LastTime;
                Reject(feed, pending, batch.Value(line), content.LinesTaken - record.Lines + 1, reason ?? "no match", record.Cut, peer: null);
            }
            else if (record.Cut > 0)
            {
                MarkCut(batch, record.Cut);
            }
        }

        Account(feed, batch, first, lines, count, peer: null);
        return count;
    }

    /// <param name="feed">The source.</param>
    /// <param name="batch">Where its records went.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="lines">Lines that were read.</param>
    /// <param name="records">Records that they are, invalid ones included.</param>
    /// <param name="peer">Who sent them; null where they were not sent.</param>
    void Account(SourceFeed feed, RecordBatch batch, int first, int lines, int records, SourcePeer? peer)
    {
        if (batch.Count > first)
        {
            feed.LastTime = batch.Times[^1];
            feed.Mark(Pending, batch, first, batch.Count, peer);
            feed.Counters.Records += batch.Count - first;
            Share(feed, batch, first);
        }

        counters.AddRead(lines);
        counters.AddJoined(lines - records);
        counters.AddRedacted(feed.Chain?.Redactor?.TakeCount() ?? 0);
        counters.AddUnnamed(feed.TakeUnnamed());
        feed.Counters.Lines += lines;
        Pending.Lines += lines;
        Lines += lines;
    }

    void Share(SourceFeed feed, RecordBatch batch, int first)
    {
        if (feed.RecordChain is not null)
        {
            Pending.AddShare(batch, first, feed.Counters);
        }
    }

    void Reject(SourceFeed feed, PendingCommit pending, ReadOnlySpan<byte> text, long line, string reason, long cut, SourcePeer? peer)
    {
        if (feed.Invalid != InvalidLines.Keep)
        {
            counters.AddInvalid();
            feed.Counters.Invalid++;
            if (cut > 0)
            {
                counters.AddCut();
            }

            if (feed.Invalid == InvalidLines.Report)
            {
                report.InvalidLine(feed.Source.Name, line, reason, text);
            }

            return;
        }

        counters.AddKept();
        feed.Counters.Kept++;
        feed.Counters.Records++;
        var batch = pending.Batch(RecordShape.Plain, feed.RecordChain);
        var copy = batch.Append(text);
        var parser = feed.Parser!;
        var row = batch.Add(parser.ReplaceTimes ? parser.ReadTime : feed.LastTime ?? parser.ReadTime, copy, copy, 0);
        feed.Mark(pending, batch, row, row + 1, peer);
        Share(feed, batch, row);
        if (cut > 0)
        {
            MarkCut(batch, cut);
        }
    }

    void MarkCut(RecordBatch batch, long cut)
    {
        counters.AddCut();
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(cut, digits, out var length);
        batch.Column(FieldNames.CutBytes).Set(batch.Count - 1, batch.Append(digits[..length]));
    }

    void MoveJoined(RecordJoiner joiner, int from, int reached)
    {
        var pending = Pending;
        foreach (var run in joiner.Runs)
        {
            var isTaken = run.End > run.Start ? run.End > from && run.Start < reached : run.Start > from && run.Start <= reached;
            if (isTaken && run.Content.At(run.At(reached, joiner.Bytes)) is { } position)
            {
                pending.MoveTo(position);
            }
        }

        EndIfFull(pending);
    }

    void Move(SourceContent content, long offset)
    {
        var pending = Pending;
        if (content.At(offset) is { } position)
        {
            pending.MoveTo(position);
        }

        EndIfFull(pending);
    }

    void EndIfFull(PendingCommit pending)
    {
        if (pending.IsFull)
        {
            _full.Enqueue(pending);
            _pending = null;
        }
    }
}
