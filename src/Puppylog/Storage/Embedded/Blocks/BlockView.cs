using System.Collections.Immutable;
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
    readonly CheckedChunks _checked = new();
    Dictionary<string, ColumnVector?> _columns = new(StringComparer.Ordinal);
    List<string> _names = [];
    byte[]? _wordFilter;
    long _heldBytes;

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

    public override long HeldBytes => _heldBytes;

    /// <summary>A view of its own of the same block, without reading its directory again. Thread-safe where this view is used for nothing else.</summary>
    public BlockView Another()
    {
        var other = (BlockView)MemberwiseClone();
        other._columns = new(StringComparer.Ordinal);
        other._names = [.. _names];
        return other;
    }

    public override long MinTime => _directory.MinTime;

    public override long MaxTime => _directory.MaxTime;

    public override IReadOnlyList<string> FieldNames => _names;

    public override TimestampVector Times =>
        Column(Records.FieldNames.Time) as TimestampVector ?? throw new CorruptDataException("a block without times");

    public override ColumnVector? Column(string name)
    {
        if (!_columns.TryGetValue(name, out var column))
        {
            column = Recall(name) ?? Keep(name, Decode(name));
            _columns[name] = column;
            _heldBytes += column?.HeldBytes ?? 0;
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

        return IsInWordFilter(WordHash.Compute(word)) || MayBeInteger(word)
            || (IsLearnedLine(field) && TimeWords.MayBe(word, MinTime, MaxTime));
    }

    bool IsInWordFilter(ulong hash)
    {
        var words = _directory.Words;
        if (_wordFilter is null && _checked.Words && words.Length >= WordFilter.BlockBytes)
        {
            Span<byte> part = stackalloc byte[WordFilter.BlockBytes];
            _bytes.Read(_chunks + words.Offset + (WordFilter.BlockOf(hash, words.Length / WordFilter.BlockBytes) * WordFilter.BlockBytes), part);
            return WordFilter.MayContain(part, hash);
        }

        _wordFilter ??= ReadChunk(words, "words");
        _checked.Words = true;
        return WordFilter.MayContain(_wordFilter, hash);
    }

    ColumnVector? Recall(string name) => (_bytes.Recall(name) as ColumnVector)?.Share();

    ColumnVector? Keep(string name, ColumnVector? column)
    {
        if (column?.Share() is { } shared)
        {
            _bytes.Remember(name, shared, shared.HeldBytes);
        }

        return column;
    }

    /// <summary>Lines of learned templates may hold a time that is written nowhere.</summary>
    bool IsLearnedLine(string field) => _entries.TryGetValue(field, out var entry)
        && (entry.Encoding == ColumnEncoding.LearnedLine
            || (entry.Encoding is ColumnEncoding.SameAs or ColumnEncoding.Either && _entries.TryGetValue(Records.FieldNames.Raw, out var raw) && raw.Encoding == ColumnEncoding.LearnedLine));

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
            ColumnEncoding.Timestamp => TimestampEncoding.Read(ref reader, Count),
            ColumnEncoding.Line => Lines(ref reader, _directory.Shape.Templates),
            ColumnEncoding.LearnedLine => Lines(ref reader, LineEncoding.ReadTemplates(ref reader)),
            ColumnEncoding.SameAs => Same(ref reader, name),
            ColumnEncoding.Either => Either(ref reader, name),
            _ => NestedColumn.ReadPlain(entry.Encoding, ref reader, Count, NestingLimit.OfReader(Count)),
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
        return _entries.TryGetValue(other, out var entry) && entry.Encoding is not (ColumnEncoding.SameAs or ColumnEncoding.Either)
            ? Column(other)
            : throw new CorruptDataException($"{name} is said to be the same as {other}, which is not there");
    }

    /// <summary>A line may be made of the first, never of the other.</summary>
    EitherVector Either(ref ByteReader reader, string name)
    {
        var (first, other) = (Stored(reader.Text()), Same(ref reader, name));
        return first is not null && other is not null
            ? new(first, other)
            : throw new CorruptDataException($"{name} is said to be one of two columns, which are not there");
    }

    LineVector Lines(ref ByteReader reader, ImmutableArray<LineTemplate> templates)
    {
        var lines = LineEncoding.Read(ref reader, Count, template => [.. templates[template].Parts.Select(Part)], templates.Length);
        lines.LineTemplates = templates;
        return lines;
    }

    LineVector.PartSource Part(TemplatePart part) => part.Kind switch
    {
        TemplatePartKind.Literal => new(part.Kind, Encoding.UTF8.GetBytes(part.Text), null, null),
        TemplatePartKind.ClfTime => new(part.Kind, [], Times,
            Stored(Records.FieldNames.LineZone) ?? throw new CorruptDataException("a derived time without its zone")),
        TemplatePartKind.Time => new(TemplatePartKind.Field, [], new WrittenTimeVector(Times, part.Time!), null),
        TemplatePartKind.EscapedField => new(TemplatePartKind.Field, [], Stored(part.Text) is { } text ? EscapedVector.Of(text, part.Escapes!) : null, null),
        _ => new(part.Kind, [], Stored(part.Text), null),
    };

    /// <summary>A column that lines may be made of: one that is stored, and no line itself.</summary>
    ColumnVector? Stored(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
        {
            return null;
        }

        return entry.Encoding switch
        {
            ColumnEncoding.Line or ColumnEncoding.LearnedLine or ColumnEncoding.SameAs =>
                throw new CorruptDataException($"a line is said to be made of {name}, which is a line"),
            ColumnEncoding.Either when name == Records.FieldNames.LineMessage =>
                throw new CorruptDataException($"{name} is said to be one of two columns"),
            // A line has a message of its own only where that is in the first.
            ColumnEncoding.Either => Stored(Records.FieldNames.LineMessage),
            _ => Column(name),
        };
    }
}
