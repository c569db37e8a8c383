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

    readonly EncoderScratch _scratch = new();
    readonly LineVerifier _verifier = new();
    readonly WordFilterBuilder _words = new();
    readonly ByteWriter _chunks = new();
    readonly ByteWriter _directory = new();
    readonly List<ColumnEntry> _entries = [];
    byte[] _templates = [];
    ByteSpan[] _kept = [];

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

        var start = _chunks.Length;
        TimestampEncoding.Write(_chunks, batch.Times, rows, _scratch);
        Add(FieldNames.Time, ColumnEncoding.Timestamp, start, null);

        var timeIsDerived = WriteLines(batch, rows);
        WriteMessages(batch, rows);
        foreach (var column in batch.Columns)
        {
            if (column.IsUsed && (timeIsDerived || column.Name != FieldNames.LineZone))
            {
                var input = new ColumnInput
                {
                    Bytes = batch.Bytes,
                    Spans = column.Spans(batch.Count),
                    Rows = rows,
                    Kinds = column.HasKinds ? column : null,
                };
                WriteColumn(column.Name, input);
            }
        }

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
        var derived = 0;
        Span<bool> used = stackalloc bool[256];
        used.Clear();
        for (var i = 0; i < rows.Length; i++)
        {
            var template = batch.Templates[rows[i]];
            templates[i] = template != 0 && _verifier.Follows(rows[i], template) ? template : (byte)0;
            derived += templates[i] == 0 ? 0 : 1;
            used[templates[i]] = true;
        }

        if (derived == 0)
        {
            WriteColumn(FieldNames.Raw, lines);
            return false;
        }

        var start = _chunks.Length;
        var timeIsDerived = AddLineWords(batch, rows, templates, used);
        if (batch.HasLearnedTemplates)
        {
            LineEncoding.WriteTemplates(_chunks, batch.LineTemplates, templates, used, TextQuality);
        }

        LineEncoding.Write(_chunks, lines, templates, Kept(batch.Count), _scratch, TextQuality);
        Add(FieldNames.Raw, batch.HasLearnedTemplates ? ColumnEncoding.LearnedLine : ColumnEncoding.Line, start, null);
        return timeIsDerived;
    }

    /// <summary>
    /// The words of the lines that are not words of their fields: those of lines kept verbatim, of the templates' own text,
    /// and of lines whose template joins a field to something else.
    /// </summary>
    bool AddLineWords(RecordBatch batch, ReadOnlySpan<int> rows, ReadOnlySpan<byte> templates, ReadOnlySpan<bool> used)
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
            if (whole[templates[i]])
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

        for (var code = 0; code < dictionary.Count; code++)
        {
            WordSplitter.AddWords(dictionary.Value(code), _words);
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

    void Add(string name, ColumnEncoding encoding, int start, (long Min, long Max)? bounds) =>
        _entries.Add(new(name, encoding, PlaceFrom(start), bounds));

    ChunkPlace PlaceFrom(int start) => new(start, _chunks.Length - start, Crc32C.Compute(_chunks.Written[start..]));

    Memory<byte> Assemble(RecordShape shape, int count, long min, long max, out byte[] buffer)
    {
        _directory.Clear();
        BlockDirectory.Write(_directory, shape, count, min, max, _entries, WriteWords());
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
