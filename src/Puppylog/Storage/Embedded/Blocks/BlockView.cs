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
    /// <summary>Behind a column's name: what is kept are the bytes of its distinct values.</summary>
    const string ValuesOf = "\0values";

    readonly BlockBytes _bytes;
    readonly int _chunks;
    readonly BlockDirectory _directory;
    readonly Dictionary<string, ColumnEntry> _entries = new(StringComparer.Ordinal);
    readonly CheckedChunks _checked = new();
    Dictionary<string, ColumnVector?> _columns = new(StringComparer.Ordinal);
    List<string> _names = [];
    byte[]? _wordFilter;
    readonly bool _hasOverflow;
    byte[]? _nameFilter;
    OverflowColumn? _overflow;
    bool _listsOverflow;

    public BlockView(BlockBytes bytes, int chunks, BlockDirectory directory)
    {
        _bytes = bytes;
        _chunks = chunks;
        _directory = directory;
        foreach (var entry in directory.Columns)
        {
            _entries[entry.Name] = entry;
            _hasOverflow |= entry.Encoding == ColumnEncoding.Overflow && entry.Name == Records.FieldNames.Overflow;
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

    /// <summary>Grows when a column is asked for what it has not made yet.</summary>
    public override long HeldBytes => _columns.Values.Sum(column => column?.HeldBytes ?? 0);

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

    public override IReadOnlyList<string> FieldNames
    {
        get
        {
            if (_hasOverflow && !_listsOverflow)
            {
                _listsOverflow = true;
                ListOverflow();
            }

            return _names;
        }
    }

    void ListOverflow()
    {
        for (var field = 0; field < Overflow.Count; field++)
        {
            var name = Overflow.Name(field);
            if (!_entries.ContainsKey(name) && !Records.FieldNames.IsHidden(name))
            {
                _names.Add(name);
            }
        }
    }

    OverflowColumn Overflow => _overflow ??= new(ReadChunk(_entries[Records.FieldNames.Overflow].Place, Records.FieldNames.Overflow), Count);

    /// <summary>The fields that have no column.</summary>
    public IEnumerable<(string Name, SparseVector Values)> OverflowFields()
    {
        for (var index = 0; _hasOverflow && index < Overflow.Count; index++)
        {
            yield return (Overflow.Name(index), Overflow.Field(index));
        }
    }

    public override bool MayHaveField(string name) =>
        _entries.ContainsKey(name) || _directory.Shape.Derived.Any(derived => derived.Name == name && _entries.ContainsKey(derived.Source))
        || MayOverflow(name);

    /// <summary>False where it is certain that no value without a column is called so.</summary>
    bool MayOverflow(string name)
    {
        if (!_hasOverflow)
        {
            return false;
        }

        _nameFilter ??= ReadChunk(_directory.Names, "names");
        return WordFilter.MayContain(_nameFilter, WordHash.Compute(Encoding.UTF8.GetBytes(name)));
    }

    public override TimestampVector Times =>
        Column(Records.FieldNames.Time) as TimestampVector ?? throw new CorruptDataException("a block without times");

    public override ColumnVector? Column(string name)
    {
        if (!_columns.TryGetValue(name, out var column))
        {
            column = Recall(name) ?? Keep(name, Decode(name));
            _columns[name] = column;
            if (column is DictionaryVector { HasValues: false } dictionary)
            {
                var values = name + ValuesOf;
                dictionary.KeepValues(
                    () => _bytes.Recall(values) as ByteTable,
                    made => _bytes.Remember(values, made, made.Bytes.Length + (4L * made.Offsets.Length)));
            }
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

        return IsInWordFilter(WordHash.Compute(word)) || MayBeInteger(field, word)
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
        && (entry.Encoding is ColumnEncoding.LearnedLine or ColumnEncoding.AssembledLine
            || (entry.Encoding is ColumnEncoding.SameAs or ColumnEncoding.Either && _entries.TryGetValue(Records.FieldNames.Raw, out var raw) && raw.Encoding is ColumnEncoding.LearnedLine or ColumnEncoding.AssembledLine));

    /// <summary>Whether the word may be a number of an integer column: of the field's own, or of any that a line may be made of.</summary>
    bool MayBeInteger(string field, ReadOnlySpan<byte> word)
    {
        if (!IntegerEncoding.TryCanonical(word, out var value))
        {
            return false;
        }

        if (_entries.TryGetValue(field, out var own) && !IsLine(own))
        {
            return IsWithin(own, value);
        }

        foreach (var entry in _directory.Columns)
        {
            if (IsWithin(entry, value))
            {
                return true;
            }
        }

        return false;

        // The word of -5 is 5.
        static bool IsWithin(in ColumnEntry entry, long value) => entry.Encoding == ColumnEncoding.Integer
            && entry.Bounds is var (min, max) && ((value >= min && value <= max) || (-value >= min && -value <= max));
    }

    /// <summary>The columns of the block and the bytes that each takes, for status and tuning.</summary>
    public IReadOnlyList<ColumnEntry> Entries => _directory.Columns;

    public RecordShape Shape => _directory.Shape;

    /// <summary>The bytes of every chunk, the filters of words and names included.</summary>
    public IEnumerable<(string Name, long Bytes)> ChunkSizes => Chunks.Select(chunk => (chunk.Name, (long)chunk.Place.Length));

    IEnumerable<(string Name, ChunkPlace Place)> Chunks
    {
        get
        {
            var columns = _directory.Columns.Select(entry => (entry.Name, entry.Place));
            columns = _directory.Words.Length > 0 ? columns.Append(("words", _directory.Words)) : columns;
            return _directory.Names.Length > 0 ? columns.Append(("names", _directory.Names)) : columns;
        }
    }

    /// <summary>Every chunk, the filters of words and names included: its place from the block's first byte, and whether its checksum holds.</summary>
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

            return Overflowing(name);
        }

        if (entry.Encoding == ColumnEncoding.Overflow)
        {
            return null;
        }

        var reader = new ByteReader(ReadChunk(entry.Place, name));
        if (!entry.IsSparse)
        {
            return Decode(ref reader, entry, name, Count);
        }

        var rows = SparseRows.Read(ref reader, Count);
        return IsLine(entry)
            ? throw new CorruptDataException($"{name} is said to be a line of some records only")
            : new SparseVector(Count, rows, Decode(ref reader, entry, name, rows.Length)!);
    }

    static bool IsLine(in ColumnEntry entry) =>
        entry.Encoding is ColumnEncoding.Line or ColumnEncoding.LearnedLine or ColumnEncoding.AssembledLine or ColumnEncoding.SameAs or ColumnEncoding.Either;

    ColumnVector? Decode(ref ByteReader reader, in ColumnEntry entry, string name, int count)
    {
        return entry.Encoding switch
        {
            ColumnEncoding.Timestamp => TimestampEncoding.Read(ref reader, count),
            ColumnEncoding.Line => Lines(ref reader, _directory.Shape.Templates),
            ColumnEncoding.LearnedLine => Lines(ref reader, LineEncoding.ReadTemplates(ref reader)),
            ColumnEncoding.AssembledLine => AssembledEncoding.Read(
                ref reader, count, (ref ByteReader rest) => Lines(ref rest, LineEncoding.ReadTemplates(ref rest)), MemberField, () => _hasOverflow ? Overflow : null),
            ColumnEncoding.SameAs => Same(ref reader, name),
            ColumnEncoding.Either => Either(ref reader, name),
            _ => NestedColumn.ReadPlain(entry.Encoding, ref reader, count, NestingLimit.OfReader(count)),
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

    /// <summary>A field that lines are made of and name: the time in some form, or a column.</summary>
    ColumnVector? MemberField(string name)
    {
        const string time = Records.FieldNames.Time + ":";
        if (name.StartsWith(time, StringComparison.Ordinal))
        {
            return TimeForm.TryParse(name[time.Length..], out var form) ? new WrittenTimeVector(Times, form) : throw new CorruptDataException($"not a form of a time: {name}");
        }

        return Stored(name);
    }

    SparseVector? Overflowing(string name) =>
        MayOverflow(name) && Overflow.Find(Encoding.UTF8.GetBytes(name)) is >= 0 and var field ? Overflow.Field(field) : null;

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
            ColumnEncoding.Line or ColumnEncoding.LearnedLine or ColumnEncoding.AssembledLine or ColumnEncoding.SameAs =>
                throw new CorruptDataException($"a line is said to be made of {name}, which is a line"),
            ColumnEncoding.Either when name == Records.FieldNames.LineMessage =>
                throw new CorruptDataException($"{name} is said to be one of two columns"),
            // A line has a message of its own only where that is in the first.
            ColumnEncoding.Either => Stored(Records.FieldNames.LineMessage),
            _ => Column(name),
        };
    }
}
