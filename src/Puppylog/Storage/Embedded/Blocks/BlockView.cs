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
    readonly bool _hasOverflow;
    byte[]? _wordFilter;
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
        return WordFilter.MayContain(_wordFilter, WordHash.Compute(word)) || MayBeInteger(field, word);
    }

    /// <summary>Whether the word may be a number of an integer column: of the field's own, or of any that a line may be made of.</summary>
    bool MayBeInteger(string field, ReadOnlySpan<byte> word)
    {
        if (!IntegerEncoding.TryCanonical(word, out var value))
        {
            return false;
        }

        if (_entries.TryGetValue(field, out var own) && own.Encoding is not (ColumnEncoding.Line or ColumnEncoding.SameAs))
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

            return MayOverflow(name) && Overflow.Find(Encoding.UTF8.GetBytes(name)) is >= 0 and var field ? Overflow.Field(field) : null;
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
        return entry.Encoding is ColumnEncoding.Line or ColumnEncoding.SameAs
            ? throw new CorruptDataException($"{name} is said to be a line of some records only")
            : new SparseVector(Count, rows, Decode(ref reader, entry, name, rows.Length)!);
    }

    ColumnVector? Decode(ref ByteReader reader, in ColumnEntry entry, string name, int count)
    {
        return entry.Encoding switch
        {
            ColumnEncoding.Constant => ConstantEncoding.Read(ref reader, count),
            ColumnEncoding.Dictionary => DictionaryEncoding.Read(ref reader, count),
            ColumnEncoding.Integer => IntegerEncoding.Read(ref reader, count),
            ColumnEncoding.Text => TextEncoding.Read(ref reader, count),
            ColumnEncoding.Timestamp => TimestampEncoding.Read(ref reader, count),
            ColumnEncoding.Line => LineEncoding.Read(ref reader, count, Parts, _directory.Shape.Templates.Length),
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
