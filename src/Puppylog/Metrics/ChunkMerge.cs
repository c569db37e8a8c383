using System.Text;
using System.Text.Unicode;
using Puppylog.Query.Values;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Metrics;

/// <summary>
/// Brings sections together, chunk by chunk, for metrics that share all of them: what nothing is added to is copied as it
/// was written, and only what comes twice is worked out. Kept and reused.
/// </summary>
sealed class ChunkMerge
{
    readonly ChunkCells _cells = new();
    readonly Measure _measure = new();
    FoldEntry[] _entries = new FoldEntry[256];
    int _count;
    int[] _first = [];
    int[] _last = [];
    LongTable _chunks = new();
    MetricDefinition _definition = null!;

    /// <summary>How many chunks the sections are in.</summary>
    public int Chunks => _chunks.Count;

    /// <summary>The chunk's number.</summary>
    public long Chunk(int index) => _chunks[index];

    /// <summary>Forgets what was added.</summary>
    /// <param name="definition">One of the metrics.</param>
    public void Begin(MetricDefinition definition)
    {
        // So that nothing that was read before is held.
        Array.Clear(_entries, 0, _count);
        (_definition, _count, _chunks) = (definition, 0, new());
    }

    /// <summary>Adds a section.</summary>
    /// <exception cref="Records.CorruptDataException">It is damaged.</exception>
    public void Add(FoldSection section)
    {
        var size = _definition.ChunkPeriods;
        var reader = new ByteReader(section.Entries);
        for (var period = 0L; reader.Remaining > 0;)
        {
            period += reader.ZigZag();
            var chunk = ChunkOf(period, size);
            var known = _chunks.Count;
            var index = _chunks.GetOrAdd(chunk);
            var at = Read(section, ref reader, (int)(period - (chunk * size)));
            if (index < known)
            {
                _entries[_last[index]].NextOfChunk = at;
            }
            else
            {
                Begin(index, at);
            }

            _last[index] = at;
        }
    }

    /// <summary>Writes the entries of a chunk: those that are kept, and what was added.</summary>
    /// <param name="index">Of the chunk.</param>
    /// <param name="kept">Its entries so far.</param>
    public void Write(int index, FoldSection kept, ByteWriter writer)
    {
        var before = 0L;
        Write(index, kept, ref before, writer);
    }

    /// <summary>Writes the entries of all chunks.</summary>
    public void WriteAll(ByteWriter writer)
    {
        var before = 0L;
        for (var index = 0; index < Chunks; index++)
        {
            Write(index, FoldSection.Empty, ref before, writer);
        }
    }

    void Write(int index, FoldSection kept, ref long before, ByteWriter writer)
    {
        var (size, most, added) = (_definition.ChunkPeriods, _definition.KeptSegments, _count);
        _cells.Clear(size);
        var reader = new ByteReader(kept.Entries);
        for (var period = 0L; reader.Remaining > 0;)
        {
            period += reader.ZigZag();
            var at = Read(kept, ref reader, (int)(period - (ChunkOf(period, size) * size)));
            if (ChunkOf(period, size) == Chunk(index))
            {
                _cells.Add(_entries, at, most);
            }
        }

        for (var at = _first[index]; at >= 0; at = _entries[at].NextOfChunk)
        {
            _cells.Add(_entries, at, most);
        }

        for (var offset = 0; offset < size; offset++)
        {
            for (var cell = _cells.FirstOf(offset); cell >= 0; cell = _cells.NextOf(cell))
            {
                Write(cell, (Chunk(index) * size) + offset, ref before, writer);
            }

            if (_cells.OtherOf(offset) >= 0)
            {
                Write(_cells.OtherOf(offset), (Chunk(index) * size) + offset, ref before, writer);
            }
        }

        Array.Clear(_entries, added, _count - added);
        _count = added;
    }

    void Write(int cell, long period, ref long before, ByteWriter writer)
    {
        writer.ZigZag(period - before);
        before = period;
        var (at, name) = (_cells.EntryOf(cell), _cells.NameOf(cell));
        if (!_definition.Segments.IsEmpty)
        {
            MetricSection.WriteSegment(writer, name < 0 ? default : _entries[name].Segment, name < 0);
        }

        if (_entries[at].NextOfCell < 0 && !_entries[at].Section.IsLong)
        {
            writer.Bytes(_entries[at].Measure);
            return;
        }

        _measure.Clear();
        for (; at >= 0; at = _entries[at].NextOfCell)
        {
            var reader = new ByteReader(_entries[at].Measure);
            _measure.Merge(_definition.Statistic.Kind, ref reader, _entries[at].Section.IsLong);
        }

        _measure.Write(_definition.Statistic.Kind, writer);
    }

    void Begin(int index, int at)
    {
        if (index == _first.Length)
        {
            Array.Resize(ref _first, Math.Max(16, index * 2));
            Array.Resize(ref _last, _first.Length);
        }

        _first[index] = at;
    }

    /// <summary>Reads an entry behind its period; gives its place.</summary>
    int Read(FoldSection section, ref ByteReader reader, int offset)
    {
        var end = section.From + section.Entries.Length;
        var (named, segmentFrom, segmentLength) = (section.Bytes, 0, 0);
        if (!_definition.Segments.IsEmpty)
        {
            var segment = MetricSection.ReadSegment(ref reader, out var isOther);
            (segmentFrom, segmentLength) = (end - reader.Remaining - segment.Length, segment.Length);
            if (isOther)
            {
                named = null;
            }
            else if (!Utf8.IsValid(segment))
            {
                // As it is shown: what looks the same is one segment.
                named = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(segment));
                (segmentFrom, segmentLength) = (0, named.Length);
            }
        }

        var from = end - reader.Remaining;
        Measure.Skip(_definition.Statistic.Kind, ref reader, section.IsLong);
        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, _count * 2);
        }

        _entries[_count] = new()
        {
            Section = section,
            Offset = offset,
            Named = named,
            SegmentFrom = segmentFrom,
            SegmentLength = segmentLength,
            MeasureFrom = from,
            MeasureLength = end - reader.Remaining - from,
            NextOfChunk = -1,
        };
        return _count++;
    }

    static long ChunkOf(long period, int size) => period >= 0 ? period / size : ((period + 1) / size) - 1;
}
