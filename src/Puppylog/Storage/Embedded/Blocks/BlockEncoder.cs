using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Storage.Embedded.Blocks.WordFilters;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>
/// Encodes records of a batch into a block's bytes (docs/formats/block.md), choosing each column's encoding from its
/// values. Not thread-safe; keeps its buffers for the next block.
/// </summary>
sealed class BlockEncoder
{
    /// <summary>
    /// Brotli's quality for text. 1 takes 0.6 of the time of 2, and 1.04 of its room
    /// (bench/results/2026-11-22-collect-cpu.md).
    /// </summary>
    public const int TextQuality = 1;

    static readonly int[] Identity = [.. Enumerable.Range(0, RecordBatch.MaxRecords)];

    /// <summary>A learned template of fewer lines is not worth its text: that is as long as a line.</summary>
    const int MinLearnedLines = 2;

    /// <summary>So few templates are kept whatever follows them: small blocks are joined later, and then with others that do.</summary>
    const int UsualTemplates = 32;

    readonly EncoderScratch _scratch = new();
    readonly LineVerifier _verifier = new();
    readonly LineAssembler _assembler = new();
    readonly WordFilterBuilder _words = new();
    readonly ByteWriter _chunks = new();
    readonly ByteWriter _directory = new();
    readonly List<ColumnEntry> _entries = [];
    readonly RowPlaces _rows = new();
    readonly OverflowGroups _groups = new();
    readonly GatheredField _gathered = new();
    readonly BatchColumn _values = new("");
    readonly FieldSelection _selection = new();
    readonly OverflowEncoder _overflow = new();
    byte[] _templates = [];
    byte[] _verified = [];

    /// <summary>Which templates lines of the block follow, by the numbers of the batch.</summary>
    readonly bool[] _used = new bool[256];
    ByteSpan[] _kept = [];

    /// <summary>Where the rows begin that the values written now belong to; -1 while every record is written.</summary>
    int _rowsStart = -1;

    /// <param name="batch">The records.</param>
    /// <param name="rows">Which of them, in the order in which they are stored.</param>
    public EncodedBlock Encode(RecordBatch batch, ReadOnlySpan<int> rows)
    {
        _chunks.Clear();
        _entries.Clear();
        _words.Clear();
        long min = long.MaxValue, max = long.MinValue;
        foreach (var row in rows)
        {
            min = Math.Min(min, batch.Times[row]);
            max = Math.Max(max, batch.Times[row]);
        }

        _rows.Bind(batch, rows);
        if (FieldSelection.IsNeeded(batch))
        {
            _groups.Build(batch, _rows.Places);
        }

        var start = _chunks.Length;
        TimestampEncoding.Write(_chunks, batch.Times, rows, _scratch);
        Add(FieldNames.Time, ColumnEncoding.Timestamp, start, null);

        var timeIsDerived = WriteLines(batch, rows);
        WriteMessages(batch, rows);
        WriteFields(batch, rows, timeIsDerived);
        var body = Assemble(batch.Shape, rows.Length, min, max, out var buffer);
        return new EncodedBlock(body, rows.Length, min, max) { Buffer = buffer };
    }

    /// <summary>The original lines: derived where they can be. Returns whether some line takes its time from the record's.</summary>
    bool WriteLines(RecordBatch batch, ReadOnlySpan<int> rows)
    {
        var lines = new ColumnInput { Bytes = batch.Bytes, Spans = batch.Lines, Rows = rows };
        if (_templates.Length < rows.Length)
        {
            _templates = new byte[Math.Max(rows.Length, 4096)];
        }

        var templates = _templates.AsSpan(0, rows.Length);
        _verifier.Bind(batch);
        Span<int> lineCounts = stackalloc int[256];
        lineCounts.Clear();
        for (var i = 0; i < rows.Length; i++)
        {
            var template = batch.Templates[rows[i]];
            templates[i] = template != 0 && _verifier.Follows(rows[i], template) ? template : (byte)0;
            lineCounts[templates[i]]++;
        }

        var used = _used.AsSpan();
        var verified = Verified(templates);
        var forms = 256 - lineCounts.Count(0);
        var derived = DropSeldom(batch, templates, lineCounts, forms > UsualTemplates ? MinLearnedLines : 1);
        var isAssembled = _assembler.TryBuild(batch, _rows, _groups, templates);
        if (!isAssembled && forms > UsualTemplates)
        {
            verified.CopyTo(templates);
            derived = DropSeldom(batch, templates, lineCounts, 1);
        }

        var members = isAssembled ? _assembler.Counts : [];
        if (derived == 0 && !isAssembled)
        {
            WriteColumn(FieldNames.Raw, lines);
            return false;
        }

        var start = _chunks.Length;
        var timeIsDerived = AddLineWords(batch, rows, templates, members, used);
        if (isAssembled)
        {
            _assembler.AddWords(batch, _rows, _words);
            AssembledEncoding.Write(_chunks, _assembler, _scratch, TextQuality);
        }

        if (batch.HasLearnedTemplates || isAssembled)
        {
            LineEncoding.WriteTemplates(_chunks, batch.LineTemplates, templates, used, TextQuality);
        }

        LineEncoding.Write(_chunks, lines, templates, members, Kept(batch.Count), _scratch, TextQuality);
        Add(FieldNames.Raw, isAssembled ? ColumnEncoding.AssembledLine : batch.HasLearnedTemplates ? ColumnEncoding.LearnedLine : ColumnEncoding.Line, start, null);
        return timeIsDerived;
    }

    ReadOnlySpan<byte> Verified(ReadOnlySpan<byte> templates)
    {
        if (_verified.Length < templates.Length)
        {
            _verified = new byte[_templates.Length];
        }

        templates.CopyTo(_verified);
        return _verified.AsSpan(0, templates.Length);
    }

    /// <summary>
    /// Takes from lines the learned template that few others follow: it would have to be written for them, and its fields
    /// could not share the overflow column. Returns how many lines are derived.
    /// </summary>
    int DropSeldom(RecordBatch batch, Span<byte> templates, ReadOnlySpan<int> lineCounts, int least)
    {
        var derived = 0;
        var dropped = 0;
        _used.AsSpan().Clear();
        for (var number = 1; number < lineCounts.Length; number++)
        {
            _used[number] = lineCounts[number] >= (number <= batch.Shape.Templates.Length ? 1 : least);
            derived += _used[number] ? lineCounts[number] : 0;
            dropped += _used[number] ? 0 : lineCounts[number];
        }

        for (var i = 0; i < templates.Length && dropped > 0; i++)
        {
            templates[i] = _used[templates[i]] ? templates[i] : (byte)0;
        }

        return derived;
    }

    /// <summary>
    /// The words of the lines that are not words of their fields: those of lines kept verbatim, of the templates' own text,
    /// and of lines whose template joins a field to something else.
    /// </summary>
    bool AddLineWords(RecordBatch batch, ReadOnlySpan<int> rows, ReadOnlySpan<byte> templates, ReadOnlySpan<int> members, ReadOnlySpan<bool> used)
    {
        var timeIsDerived = false;
        Span<bool> whole = stackalloc bool[256];
        whole.Clear();
        whole[0] = true;
        var known = batch.LineTemplates;
        for (var i = 0; i < known.Count; i++)
        {
            if (!used[i + 1])
            {
                continue;
            }

            var template = known[i];
            whole[i + 1] = !template.KeepsWordsApart;
            foreach (var part in template.Parts)
            {
                timeIsDerived |= part.Kind == TemplatePartKind.ClfTime;
                if (part.Kind == TemplatePartKind.Literal)
                {
                    WordSplitter.AddWords(Encoding.UTF8.GetBytes(part.Text), _words);
                }
            }
        }

        for (var i = 0; i < rows.Length; i++)
        {
            if (whole[templates[i]] && (members.IsEmpty || members[i] == 0))
            {
                WordSplitter.AddWords(batch.Value(batch.Lines[rows[i]]), _words);
            }
        }

        return timeIsDerived;
    }

    /// <summary>The messages; those that are the whole line are not written again.</summary>
    void WriteMessages(RecordBatch batch, ReadOnlySpan<int> rows)
    {
        var own = 0;
        foreach (var row in rows)
        {
            own += batch.Messages[row] != batch.Lines[row] ? 1 : 0;
        }

        if (own == rows.Length)
        {
            WriteColumn(FieldNames.Message, new() { Bytes = batch.Bytes, Spans = batch.Messages, Rows = rows });
            return;
        }

        if (own > 0)
        {
            var spans = Kept(batch.Count);
            foreach (var row in rows)
            {
                spans[row] = batch.Messages[row] != batch.Lines[row] ? batch.Messages[row] : ByteSpan.Absent;
            }

            WriteColumn(FieldNames.LineMessage, new() { Bytes = batch.Bytes, Spans = spans, Rows = rows });
        }

        var start = _chunks.Length;
        if (own > 0)
        {
            _chunks.Text(FieldNames.LineMessage);
        }

        _chunks.Text(FieldNames.Raw);
        Add(FieldNames.Message, own > 0 ? ColumnEncoding.Either : ColumnEncoding.SameAs, start, null);
    }

    /// <summary>A place per record of the batch, to hold those of some of them.</summary>
    Span<ByteSpan> Kept(int count)
    {
        if (_kept.Length < count)
        {
            _kept = new ByteSpan[Math.Max(count, 4096)];
        }

        return _kept.AsSpan(0, count);
    }

    void WriteFields(RecordBatch batch, ReadOnlySpan<int> rows, bool timeIsDerived)
    {
        _overflow.Clear();
        if (FieldSelection.IsNeeded(batch))
        {
            _selection.Select(batch, _groups, _rows, batch.LineTemplates.Where((_, index) => _used[index + 1]));
            foreach (var field in _selection.Columns)
            {
                WriteField(batch, rows, field, timeIsDerived);
            }

            WriteOverflow(batch);
            return;
        }

        foreach (var column in batch.Columns)
        {
            if (column.IsUsed)
            {
                WriteField(batch, rows, new(column, -1, 0), timeIsDerived);
            }
        }
    }

    void WriteField(RecordBatch batch, ReadOnlySpan<int> rows, in FieldSelection.Field field, bool timeIsDerived)
    {
        if (!timeIsDerived && field.Column?.Name == FieldNames.LineZone)
        {
            return;
        }

        if (field is { Column: { IsSparse: false } column, Group: < 0 })
        {
            WriteColumn(column.Name, new()
            {
                Bytes = batch.Bytes,
                Spans = column.Spans(batch.Count),
                Rows = rows,
                Kinds = column.HasKinds ? column : null,
            });
            return;
        }

        _gathered.Gather(field.Column, _groups, field.Group, _rows);
        if (_gathered.Count > 0)
        {
            WriteGathered(field.Column?.Name ?? Encoding.UTF8.GetString(_groups.Name(field.Group)), batch, rows.Length);
        }
    }

    /// <summary>A field that few records have as its values only, with their places in front.</summary>
    void WriteGathered(string name, RecordBatch batch, int records)
    {
        var places = _gathered.Places;
        var isSparse = places.Length * 4L < records;
        _values.Clear();
        for (var i = 0; i < places.Length; i++)
        {
            _values.Set(isSparse ? i : places[i], _gathered.Spans[i], (ValueKind)_gathered.Kinds[i]);
        }

        if (isSparse)
        {
            _rowsStart = _chunks.Length;
            SparseRows.Write(_chunks, places, _scratch);
        }

        var count = isSparse ? places.Length : records;
        WriteColumn(name, new()
        {
            Bytes = batch.Bytes,
            Spans = _values.Spans(count),
            Rows = count <= Identity.Length ? Identity.AsSpan(0, count) : Enumerable.Range(0, count).ToArray(),
            Kinds = _values.HasKinds ? _values : null,
        });
        _rowsStart = -1;
    }

    void WriteOverflow(RecordBatch batch)
    {
        foreach (var field in _selection.Rest)
        {
            _overflow.AddName(field, _groups);
        }

        foreach (var field in _overflow.InOrder())
        {
            _gathered.Gather(field.Column, _groups, field.Group, _rows);
            _overflow.AddValues(batch, _gathered, _words);
        }

        if (!_overflow.IsEmpty)
        {
            var start = _chunks.Length;
            _overflow.Write(_chunks, _scratch, TextQuality);
            Add(FieldNames.Overflow, ColumnEncoding.Overflow, start, null);
        }
    }

    void WriteColumn(string name, in ColumnInput column)
    {
        var start = _chunks.Length;
        _scratch.Limit.Reset(column.Rows.Length);
        var numbers = _scratch.Numbers(column.Rows.Length);
        var dictionary = _scratch.Dictionary;
        (long Min, long Max)? bounds = null;
        // Few distinct numbers (a status) are smaller and faster as a dictionary, and need not be read one by one.
        if (dictionary.TryBuild(column, 256))
        {
            bounds = IntegerEncoding.Bounds(dictionary);
        }
        else
        {
            if (IntegerEncoding.TryParse(column, numbers, out var present, out var min, out var max))
            {
                bounds = (min, max);
                var kind = UniformKind(column);
                if (kind >= 0)
                {
                    IntegerEncoding.Write(_chunks, column, numbers, present, (byte)kind, _scratch);
                    Add(name, ColumnEncoding.Integer, start, bounds);
                    return;
                }
            }
            else if (ValueSample.Of(column).AreDecimals)
            {
                WriteText(name, column, null);
                return;
            }

            if (!dictionary.TryContinue(column, BlockFormat.MaxDictionary))
            {
                WriteText(name, column, bounds);
                return;
            }
        }

        if (dictionary.AbsentCode == 0 && dictionary.Count == 1)
        {
            return;
        }

        var text = dictionary.Text;
        foreach (var value in dictionary.Values)
        {
            if (!value.IsAbsent)
            {
                WordSplitter.AddWords(text, value.Offset, value.Length, _words);
            }
        }

        if (dictionary.Count == 1)
        {
            ConstantEncoding.Write(_chunks, dictionary.Value(0), dictionary.Kinds[0]);
            Add(name, ColumnEncoding.Constant, start, bounds);
            return;
        }

        CodedEncoding.Write(_chunks, column.Rows.Length, _scratch, 0);
        Add(name, ColumnEncoding.Coded, start, bounds);
    }

    /// <summary>Writes values of which few come twice.</summary>
    void WriteText(string name, in ColumnInput column, (long Min, long Max)? bounds)
    {
        var start = _chunks.Length;
        Add(name, WriteText(column), start, bounds);
        foreach (var row in column.Rows)
        {
            WordSplitter.AddWords(column.Value(column.Spans[row]), _words);
        }
    }

    ColumnEncoding WriteText(in ColumnInput column)
    {
        var kind = UniformKind(column);
        if (kind >= 0)
        {
            var sample = ValueSample.Of(column);
            if (sample.AreDecimals && DecimalEncoding.TryWrite(_chunks, column, (byte)kind, _scratch))
            {
                return ColumnEncoding.Decimal;
            }

            if (sample.AreHex && HexEncoding.TryWrite(_chunks, column, (byte)kind))
            {
                return ColumnEncoding.Hex;
            }

            if (sample.AreAddresses && Ipv4Encoding.TryWrite(_chunks, column, (byte)kind, _scratch))
            {
                return ColumnEncoding.Ipv4;
            }
        }

        if (TemplateEncoding.TryWrite(_chunks, column, _scratch, 0))
        {
            return ColumnEncoding.Template;
        }

        TextEncoding.Write(_chunks, column, _scratch, TextQuality);
        return ColumnEncoding.Text;
    }

    ChunkPlace WriteWords()
    {
        var start = _chunks.Length;
        _words.Write(_chunks);
        return PlaceFrom(start);
    }

    /// <summary>The kind that all present values have, or -1.</summary>
    static int UniformKind(in ColumnInput column)
    {
        if (column.Kinds is not { } kinds)
        {
            return 0;
        }

        var kind = -1;
        foreach (var row in column.Rows)
        {
            if (column.Spans[row].IsAbsent)
            {
                continue;
            }

            var own = (int)kinds.Kind(row);
            if (kind >= 0 && own != kind)
            {
                return -1;
            }

            kind = own;
        }

        return kind;
    }

    void Add(string name, ColumnEncoding encoding, int start, (long Min, long Max)? bounds)
    {
        var isSparse = _rowsStart >= 0;
        _entries.Add(new(name, encoding, PlaceFrom(isSparse ? _rowsStart : start), bounds, isSparse));
    }

    ChunkPlace PlaceFrom(int start) => new(start, _chunks.Length - start, Crc32C.Compute(_chunks.Written[start..]));

    Memory<byte> Assemble(RecordShape shape, int count, long min, long max, out byte[] buffer)
    {
        _directory.Clear();
        var words = WriteWords();
        var namesStart = _chunks.Length;
        _overflow.WriteNames(_chunks);
        BlockDirectory.Write(_directory, shape, count, min, max, _entries, words, PlaceFrom(namesStart));
        var length = BlockFormat.HeaderLength + _directory.Length + _chunks.Length;
        // A new array of a megabyte per block would be memory that the system has to clear first.
        buffer = ArrayPool<byte>.Shared.Rent(length);
        var body = buffer.AsSpan(0, length);
        BinaryPrimitives.WriteUInt32LittleEndian(body, BlockFormat.Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(body[4..], BlockFormat.Version);
        BinaryPrimitives.WriteUInt32LittleEndian(body[8..], (uint)_directory.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(body[12..], Crc32C.Compute(_directory.Written));
        _directory.Written.CopyTo(body[BlockFormat.HeaderLength..]);
        _chunks.Written.CopyTo(body[(BlockFormat.HeaderLength + _directory.Length)..]);
        return buffer.AsMemory(0, length);
    }
}
