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
        if (feed.Joiner is not { } joiner)
        {
            AddLines(feed, run);
        }
        else if (joiner.TakesRuns && feed.Chain?.Redactor is null)
        {
            AddRecords(feed, joiner, run);
        }
        else
        {
            joiner.Add(run, clock.GetTimestamp());
            AddJoined(feed, joiner);
        }
    }

    /// <summary>Adds the records of a run as they stand in it.</summary>
    void AddRecords(SourceFeed feed, RecordJoiner joiner, in LineRun run)
    {
        var now = clock.GetTimestamp();
        var records = joiner.Begin(run, now);
        AddJoined(feed, joiner);
        while (!records.IsRead)
        {
            var from = records.Start;
            FillRecords(feed, ref records, run);
            if (records.Start > from)
            {
                Move(run.Content, run.Offset + run.Lines.CoveredBy(records.Start));
            }
        }

        joiner.Hold(run, records, now);
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
            var taken = Fill(feed, readTime, rest, run);
            rest = rest[taken..];
            Move(run.Content, run.Offset + run.Lines.CoveredBy(run.Lines.Bytes.Length - rest.Length));
        }
    }

    BatchFill Begin(SourceFeed feed, long readTime, SourcePeer? peer)
    {
        Pending.Since ??= clock.GetTimestamp();
        return new(feed, Pending, readTime, counters, report, peer);
    }

    void End(ref BatchFill fill)
    {
        fill.End();
        Lines += fill.Lines;
    }

    /// <summary>Adds lines until they end or a batch has all the records that it may; returns the bytes taken.</summary>
    int Fill(SourceFeed feed, long readTime, ReadOnlySpan<byte> bytes, in LineRun run)
    {
        var fill = Begin(feed, readTime, run.Peer);
        var pending = Pending;
        var taken = bytes;
        if (feed.Chain?.Redactor is { } redactor)
        {
            taken = bytes[..LineLength(bytes, Math.Max(1, pending.Room))];
            bytes = redactor.Redact(taken);
        }

        var copy = fill.Batch.Append(bytes);
        var mostBytes = feed.Settings.MaxLine;
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

            fill.Add(new(copy.Offset + at, Math.Min(length, mostBytes)), run.Content, 1, cut);
            at += newline < 0 ? length : length + 1;
        }

        End(ref fill);
        return feed.Chain?.Redactor is null ? at : LineLength(taken, fill.Lines);
    }

    /// <summary>Adds records of a run until they end or a batch has all the records that it may.</summary>
    void FillRecords(SourceFeed feed, ref RunRecords records, in LineRun run)
    {
        var from = records.Start;
        if (!records.TryNext(out var record))
        {
            return;
        }

        var fill = Begin(feed, Timestamps.Now(clock), run.Peer);
        var pending = Pending;
        var copy = fill.Batch.Append(run.Lines.Bytes[from..]);
        do
        {
            fill.Add(new(copy.Offset + record.Start - from, record.Length), run.Content, record.Lines, record.Cut);
        }
        while (!pending.HasAllRecords && records.TryNext(out record));

        End(ref fill);
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
        var fill = Begin(feed, Timestamps.Now(clock), peer: null);
        var (pending, batch) = (Pending, fill.Batch);
        var redactor = feed.Chain?.Redactor;
        var copy = redactor is null ? batch.Append(joiner.Bytes[from..end]) : default;
        var count = 0;
        var run = 0;
        while (count < records.Length && !pending.HasAllRecords)
        {
            var record = records[count++];
            while (joiner.Runs[run].End <= record.Start)
            {
                run++;
            }

            var line = redactor is not null ? batch.Append(redactor.Redact(joiner.TextOf(record)))
                : record.Pieces.Count == 1 ? new ByteSpan(copy.Offset + record.Start - from, record.End - record.Start)
                : batch.Append(joiner.TextOf(record));
            fill.Add(line, joiner.Runs[run].Content, record.Lines, record.Cut);
        }

        End(ref fill);
        return count;
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
