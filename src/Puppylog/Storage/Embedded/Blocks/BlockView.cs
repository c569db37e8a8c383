using System.Text;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Storage.Embedded.Blocks.WordFilters;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>A block opened for a query: a column is read, checked and decoded when it is first asked for.</summary>
sealed class BlockView : RecordView
{
    readonly BlockBytes _bytes;
    readonly int _chunks;
    readonly BlockDirectory _directory;
    readonly Dictionary<string, ColumnEntry> _entries = new(StringComparer.Ordinal);
    readonly Dictionary<string, ColumnVector?> _columns = new(StringComparer.Ordinal);
    readonly List<string> _names = [];
    byte[]? _wordFilter;

    public BlockView(BlockBytes bytes, int chunks, BlockDirectory directory)
    {
        _bytes = bytes;
        _chunks = chunks;
        _directory = directory;
        foreach (var entry in directory.Columns)
        {
            _entries[entry.Name] = entry;
            if (entry.Name is not (Records.FieldNames.Time or Records.FieldNames.Raw) && !Records.FieldNames.IsHidden(entry.Name))
            {
                _names.Add(entry.Name);
            }
        }

        foreach (var derived in directory.Shape.Derived)
        {
            if (_entries.ContainsKey(derived.Source))
            {
                _names.Add(derived.Name);
            }
        }
    }

    public override int Count => _directory.Count;

    public override long MinTime => _directory.MinTime;

    public override long MaxTime => _directory.MaxTime;

    public override IReadOnlyList<string> FieldNames => _names;

    public override TimestampVector Times =>
        Column(Records.FieldNames.Time) as TimestampVector ?? throw new CorruptDataException("a block without times");

    public override ColumnVector? Column(string name)
    {
        if (!_columns.TryGetValue(name, out var column))
        {
            column = Decode(name);
            _columns[name] = column;
        }

        return column;
    }

    public override bool TryGetIntegerBounds(string field, out long min, out long max)
    {
        if (_entries.TryGetValue(field, out var entry) && entry.Bounds is { } bounds)
        {
            (min, max) = bounds;
            return true;
        }

        min = max = 0;
        return false;
    }

    /// <summary>One filter holds the words of all fields; numbers in integer columns are known by their bounds.</summary>
    public override bool MayContainWord(string field, ReadOnlySpan<byte> word)
    {
        if (field == Records.FieldNames.Time || !IndexedWords.IsIndexed(word) || !IndexedWords.IsOneWord(word))
        {
            return true;
        }

        _wordFilter ??= ReadChunk(_directory.Words, "words");
        return WordFilter.MayContain(_wordFilter, WordHash.Compute(word)) || MayBeInteger(word);
    }

    bool MayBeInteger(ReadOnlySpan<byte> word)
    {
        if (!IntegerEncoding.TryCanonical(word, out var value))
        {
            return false;
        }

        foreach (var entry in _directory.Columns)
        {
            // The word of -5 is 5.
            if (entry.Encoding == ColumnEncoding.Integer && entry.Bounds is var (min, max) && ((value >= min && value <= max) || (-value >= min && -value <= max)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The columns of the block and the bytes that each takes, for status and tuning.</summary>
    public IReadOnlyList<ColumnEntry> Entries => _directory.Columns;

    public RecordShape Shape => _directory.Shape;

    /// <summary>The bytes of every chunk, the words' filter included.</summary>
    public IEnumerable<(string Name, long Bytes)> ChunkSizes => Chunks.Select(chunk => (chunk.Name, (long)chunk.Place.Length));

    IEnumerable<(string Name, ChunkPlace Place)> Chunks
    {
        get
        {
            var columns = _directory.Columns.Select(entry => (entry.Name, entry.Place));
            return _directory.Words.Length > 0 ? columns.Append(("words", _directory.Words)) : columns;
        }
    }

    /// <summary>Every chunk, the words' filter included: its place from the block's first byte, and whether its checksum holds.</summary>
    public IEnumerable<(string Name, ChunkPlace Place, bool IsWhole)> CheckChunks()
    {
        foreach (var (name, place) in Chunks)
        {
            var isWhole = true;
            try
            {
                ReadChunk(place, name);
            }
            catch (CorruptDataException)
            {
                isWhole = false;
            }

            yield return (name, place with { Offset = (int)Math.Min(int.MaxValue, (long)_chunks + place.Offset) }, isWhole);
        }
    }

    ColumnVector? Decode(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
        {
            foreach (var derived in _directory.Shape.Derived)
            {
                // A source that is itself derived would allow circles; no writer makes one.
                if (derived.Name == name && _entries.ContainsKey(derived.Source) && Column(derived.Source) is { } source)
                {
                    return DerivedColumn.Apply(derived, source);
                }
            }

            return null;
        }

        var reader = new ByteReader(ReadChunk(entry.Place, name));
        return entry.Encoding switch
        {
            ColumnEncoding.Constant => ConstantEncoding.Read(ref reader, Count),
            ColumnEncoding.Dictionary => DictionaryEncoding.Read(ref reader, Count),
            ColumnEncoding.Integer => IntegerEncoding.Read(ref reader, Count),
            ColumnEncoding.Text => TextEncoding.Read(ref reader, Count),
            ColumnEncoding.Timestamp => TimestampEncoding.Read(ref reader, Count),
            ColumnEncoding.Line => LineEncoding.Read(ref reader, Count, Parts, _directory.Shape.Templates.Length),
            ColumnEncoding.SameAs => Same(ref reader, name),
            _ => throw new CorruptDataException($"unknown encoding {(byte)entry.Encoding} of {name}"),
        };
    }

    byte[] ReadChunk(ChunkPlace place, string name)
    {
        if (place.Offset > _bytes.Length - _chunks || place.Length > _bytes.Length - _chunks - place.Offset)
        {
            throw new CorruptDataException($"the chunk of {name} lies outside of its block");
        }

        var chunk = new byte[place.Length];
        _bytes.Read(_chunks + place.Offset, chunk);
        return Crc32C.Compute(chunk) == place.Crc
            ? chunk
            : throw new CorruptDataException($"the chunk of {name} does not match its checksum");
    }

    ColumnVector? Same(ref ByteReader reader, string name)
    {
        var other = reader.Text();
        return _entries.TryGetValue(other, out var entry) && entry.Encoding != ColumnEncoding.SameAs
            ? Column(other)
            : throw new CorruptDataException($"{name} is said to be the same as {other}, which is not there");
    }

    LineVector.PartSource[] Parts(int template) => [.. _directory.Shape.Templates[template].Parts.Select(Part)];

    LineVector.PartSource Part(TemplatePart part) => part.Kind switch
    {
        TemplatePartKind.Literal => new(part.Kind, Encoding.UTF8.GetBytes(part.Text), null, null),
        TemplatePartKind.ClfTime => new(part.Kind, [], Times,
            Stored(Records.FieldNames.LineZone) ?? throw new CorruptDataException("a derived time without its zone")),
        _ => new(part.Kind, [], Stored(part.Text), null),
    };

    /// <summary>A column that lines may be made of: one that is stored, and no line itself.</summary>
    ColumnVector? Stored(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
        {
            return null;
        }

        return entry.Encoding is ColumnEncoding.Line or ColumnEncoding.SameAs
            ? throw new CorruptDataException($"a line is said to be made of {name}, which is a line")
            : Column(name);
    }
}
