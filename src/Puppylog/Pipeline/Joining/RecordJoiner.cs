using System.Runtime.InteropServices;
using Puppylog.Parsing.Multiline;
using Puppylog.Sources;

namespace Puppylog.Pipeline.Joining;

/// <summary>
/// Joins the lines of one source to records, by a rule. Holds the lines of records that may still go on, and gives up only
/// what can be stored without them: every record that began before a given one lies before it, so that the source's position
/// can stand between the two.
/// </summary>
/// <remarks>
/// Memory is bounded: past <paramref name="most"/> bytes, and past <see cref="LineJoin.MaxLines"/> lines, a record ends though its
/// next line would go on with it.
/// </remarks>
/// <param name="rule">Which lines go on.</param>
/// <param name="most">Bytes of a record, and of all that is held.</param>
sealed class RecordJoiner(LineJoin rule, int most)
{
    readonly List<JoinedRecord> _records = [];
    readonly Stack<JoinedRecord> _free = new();
    readonly JoinedRecord?[] _open = new JoinedRecord?[LineJoin.MaxChannels];
    readonly List<HeldRun> _runs = [];
    byte[] _bytes = [];
    // Room for a record whose lines do not stand beside each other.
    byte[] _joined = [];
    int _length;
    int _taken;

    /// <summary>True while lines wait for what may follow them.</summary>
    public bool HoldsLines => _records.Count > _taken;

    /// <summary>When the last line came of the record that has waited longest for its next: a timestamp of the clock; null where none waits.</summary>
    public long? OpenSince
    {
        get
        {
            long? since = null;
            foreach (var open in _open)
            {
                since = open is null || open.LastCame > since ? since : open.LastCame;
            }

            return since;
        }
    }

    /// <summary>What is held; records and runs are places in it. Valid until the next <see cref="Add"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Takes lines in.</summary>
    /// <param name="run">Whole lines; not none.</param>
    /// <param name="now">A timestamp of the clock.</param>
    public void Add(in LineRun run, long now)
    {
        LetGo();
        var lines = run.Lines;
        var at = Append(run, 0, lines.Bytes.Length);
        while (at < _length)
        {
            var newline = _bytes.AsSpan(at, _length - at).IndexOf((byte)'\n');
            var end = newline < 0 ? _length : at + newline;
            var kept = Math.Min(end, at + most);
            Place(at, kept, cut: end - kept + (newline < 0 ? lines.Left : 0), now);
            at = newline < 0 ? end : end + 1;
        }
    }

    /// <summary>True where records may be taken as they stand in a run (<see cref="Begin"/>).</summary>
    public bool TakesRuns => !rule.HasChannels;

    /// <summary>
    /// Takes in the first lines of a run that go on with what is held, which then ends where another line follows. The other
    /// records are given out as they stand in the run, once what is held has been taken, and the last of them is
    /// <see cref="Hold">held</see>.
    /// </summary>
    /// <param name="run">Whole lines; not none.</param>
    /// <param name="now">A timestamp of the clock.</param>
    public RunRecords Begin(in LineRun run, long now)
    {
        LetGo();
        var records = new RunRecords(rule, most, run.Lines);
        while (_open[0] is { } open && records.Start < run.Lines.Bytes.Length)
        {
            var at = records.Start;
            if (records.TryContinue(open.End - open.Start, open.Lines, out var line))
            {
                var place = Append(run, at, records.Start);
                open.Extend(place, place + line.Length);
                Close(open, line.Cut, now);
            }
            else
            {
                open.IsComplete = true;
                _open[0] = null;
            }
        }

        return records;
    }

    /// <summary>Holds what is left of a run, once all its other records were given out.</summary>
    /// <param name="run">As it was begun.</param>
    /// <param name="records">What is left.</param>
    /// <param name="now">A timestamp of the clock.</param>
    public void Hold(in LineRun run, in RunRecords records, long now)
    {
        if (records.LinesLeft > 0)
        {
            LetGo();
            var place = Append(run, records.Start, run.Lines.Bytes.Length);
            var record = _free.TryPop(out var free) ? free : new();
            record.Begin(place, _bytes[_length - 1] == '\n' ? _length - 1 : _length);
            record.Lines = records.LinesLeft;
            record.LastCame = now;
            _records.Add(record);
            _open[0] = record;
        }
    }

    /// <summary>
    /// Takes in that a content begins, or goes on, at an offset: its position stands behind all that is held by now. False where
    /// nothing is held, so that it counts at once.
    /// </summary>
    public bool TryAnnounce(SourceContent content, long offset)
    {
        if (!HoldsLines)
        {
            return false;
        }

        _runs.Add(new(content, _length, _length, offset, offset, Left: 0, Lead: 0, IsDecoded: false));
        return true;
    }

    /// <summary>Hands back, in order, what is held of records that are not given up yet, and forgets it.</summary>
    public IReadOnlyList<(HeldRun Run, byte[] Bytes)> TakeHeld()
    {
        LetGo();
        CompleteOpen();
        List<(HeldRun, byte[])> held = [.. _runs.Select(run => (run, _bytes[run.Start..run.End]))];
        _runs.Clear();
        _records.Clear();
        _length = 0;
        return held;
    }

    /// <summary>Ends all records: nothing that comes later belongs to them.</summary>
    public void CompleteAll()
    {
        CompleteOpen();
        rule.Reset();
    }

    /// <summary>Ends the records that no line was added to since a time; what comes later begins new ones.</summary>
    /// <param name="before">A timestamp of the clock.</param>
    public void CompleteSilent(long before)
    {
        foreach (ref var open in _open.AsSpan())
        {
            if (open is not null && open.LastCame <= before)
            {
                open.IsComplete = true;
                open = null;
            }
        }
    }

    /// <summary>
    /// The records that can be stored now, in the order of their first lines, and the place up to which the source is then
    /// accounted for; false where there are none. They are gone with the next <see cref="Add"/>.
    /// </summary>
    public bool TryTake(out ReadOnlySpan<JoinedRecord> records, out int end)
    {
        var count = CountReady(out end);
        records = CollectionsMarshal.AsSpan(_records)[_taken..count];
        _taken = count;
        return !records.IsEmpty;
    }

    /// <summary>A record's lines with newlines between them; holds until the next call.</summary>
    public ReadOnlySpan<byte> TextOf(JoinedRecord record)
    {
        if (record.Pieces is [var only])
        {
            return Bytes[only.Start..only.End];
        }

        var length = record.Pieces.Sum(piece => piece.End - piece.Start + 1) - 1;
        if (_joined.Length < length)
        {
            _joined = new byte[length * 2];
        }

        var at = 0;
        foreach (var piece in record.Pieces)
        {
            if (at > 0)
            {
                _joined[at++] = (byte)'\n';
            }

            Bytes[piece.Start..piece.End].CopyTo(_joined.AsSpan(at));
            at += piece.End - piece.Start;
        }

        return _joined.AsSpan(0, length);
    }

    /// <summary>Gives back the room that an idle source does not need, once all has been taken.</summary>
    public void Trim()
    {
        LetGo();
        if (_records.Count == 0)
        {
            _bytes = [];
            _free.Clear();
            _runs.TrimExcess();
            _records.TrimExcess();
        }
    }

    /// <summary>Where what is held stands in the source, in the order in which it came.</summary>
    public IReadOnlyList<HeldRun> Runs => _runs;

    void Place(int start, int end, long cut, long now)
    {
        var line = _bytes.AsSpan(start, end - start);
        var channel = rule.Channel(line);
        var open = _open[channel];
        if (rule.Continues(line) && open is not null && end - open.Start <= most && open.Lines < LineJoin.MaxLines)
        {
            open.Extend(start, end);
        }
        else
        {
            if (open is not null)
            {
                open.IsComplete = true;
            }

            open = _free.TryPop(out var record) ? record : new();
            open.Begin(start, end);
            _records.Add(open);
        }

        _open[channel] = open;
        Close(open, cut, now, channel);
        if (end - _records[_taken].Start > most && end - OldestOpen(end) > most)
        {
            // Records that lie across each other hold up too much.
            CompleteOpen();
        }
    }

    /// <summary>Ends a record whose last line nothing goes on with.</summary>
    void Close(JoinedRecord open, long cut, long now, int channel = 0)
    {
        open.Cut = cut;
        open.LastCame = now;
        open.IsComplete = rule.IsComplete || cut > 0;
        if (open.IsComplete)
        {
            _open[channel] = null;
        }
    }

    /// <summary>Where the first record begins that waits for a line; <paramref name="none"/> where none does.</summary>
    int OldestOpen(int none)
    {
        foreach (var open in _open)
        {
            none = open is not null && open.Start < none ? open.Start : none;
        }

        return none;
    }

    void CompleteOpen()
    {
        foreach (ref var open in _open.AsSpan())
        {
            open?.IsComplete = true;
            open = null;
        }
    }

    /// <summary>How many records are complete and lie before all that are not, or that those interleave with.</summary>
    int CountReady(out int end)
    {
        end = _length;
        var count = _taken;
        while (count < _records.Count && _records[count].IsComplete)
        {
            count++;
        }

        if (count < _records.Count)
        {
            end = _records[count].Start;
            // A record that has lines behind the first one that waits would be read a second time.
            for (var i = count - 1; i >= _taken; i--)
            {
                if (_records[i].End > end)
                {
                    end = _records[i].Start;
                    count = i;
                }
            }
        }

        return count;
    }

    /// <summary>Forgets what was taken.</summary>
    void LetGo()
    {
        if (_taken == 0)
        {
            return;
        }

        for (var i = 0; i < _taken; i++)
        {
            _free.Push(_records[i]);
        }

        _records.RemoveRange(0, _taken);
        _taken = 0;
        var from = _records.Count == 0 ? _length : _records[0].Start;
        // An announcement behind what was taken has been taken with it.
        _runs.RemoveAll(run => run.End <= from);
        for (var i = 0; i < _runs.Count; i++)
        {
            _runs[i] = _runs[i].From(from, Bytes).MoveBack(from);
        }

        _bytes.AsSpan(from, _length - from).CopyTo(_bytes);
        _length -= from;
        foreach (var record in _records)
        {
            record.MoveBack(from);
        }

        if (_bytes.Length > 4 * (most + (1 << 20)) && _length < most)
        {
            Array.Resize(ref _bytes, Math.Max(4096, _length));
        }
    }

    /// <summary>Takes in lines of a run, and returns where they begin.</summary>
    int Append(in LineRun run, int from, int to)
    {
        var lines = run.Lines;
        var bytes = lines.Bytes[from..to];
        // A line without newline is the last of its content: what comes next begins behind one.
        var needed = _length + bytes.Length + 1;
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }

        if (_length > 0 && _bytes[_length - 1] != '\n')
        {
            _bytes[_length++] = (byte)'\n';
        }

        var start = _length;
        bytes.CopyTo(_bytes.AsSpan(start));
        _length += bytes.Length;
        var offset = run.Offset + (from == 0 ? 0 : lines.CoveredBy(from));
        _runs.Add(new(run.Content, start, _length, offset, run.Offset + lines.CoveredBy(to), to == lines.Bytes.Length ? lines.Left : 0, from == 0 ? lines.Lead : 0, lines.IsDecoded));
        return start;
    }
}
