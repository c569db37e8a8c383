using System.Text;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Storage.Embedded.Blocks.WordFilters;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>Writes lines and messages: those that the fields give again are not stored beside them. See <see cref="BlockEncoder"/>.</summary>
sealed class LineWriter(BlockChunks chunks, ColumnWriter columns)
{
    /// <summary>A learned template of fewer lines is not worth its text: that is as long as a line.</summary>
    const int MinLearnedLines = 2;

    /// <summary>So few templates are kept whatever follows them: small blocks are joined later, and then with others that do.</summary>
    const int UsualTemplates = 32;

    readonly LineVerifier _verifier = new();
    readonly LineAssembler _assembler = new();
    readonly bool[] _used = new bool[256];
    byte[] _templates = [];
    byte[] _verified = [];
    ByteSpan[] _kept = [];

    /// <summary>The templates that lines of the block follow.</summary>
    IEnumerable<LineTemplate> UsedTemplates(RecordBatch batch) => batch.LineTemplates.Where((_, index) => _used[index + 1]);

    /// <summary>
    /// The original lines: derived where they can be. Returns whether some line takes its time from the record's. Selects the
    /// fields, which lines are made of.
    /// </summary>
    public bool WriteLines(RecordBatch batch, ReadOnlySpan<int> rows, FieldWriter fields)
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
        fields.Select(batch, UsedTemplates(batch));
        var isAssembled = LineAssembler.MayBuild(batch, templates) && _assembler.TryBuild(batch, fields, templates);
        if (!isAssembled && forms > UsualTemplates)
        {
            verified.CopyTo(templates);
            derived = DropSeldom(batch, templates, lineCounts, 1);
            fields.Select(batch, UsedTemplates(batch));
        }

        var members = isAssembled ? _assembler.Counts : [];
        if (derived == 0 && !isAssembled)
        {
            columns.Write(FieldNames.Raw, lines);
            return false;
        }

        var start = chunks.Bytes.Length;
        var timeIsDerived = AddLineWords(batch, rows, templates, members, used);
        if (isAssembled)
        {
            _assembler.AddWords(batch, fields.Places, chunks.Words);
            AssembledEncoding.Write(chunks.Bytes, _assembler, chunks.Scratch, BlockEncoder.TextQuality);
        }

        if (batch.HasLearnedTemplates || isAssembled)
        {
            LineEncoding.WriteTemplates(chunks.Bytes, batch.LineTemplates, templates, used, BlockEncoder.TextQuality);
        }

        LineEncoding.Write(chunks.Bytes, lines, templates, members, Kept(batch.Count), chunks.Scratch, BlockEncoder.TextQuality);
        chunks.Add(FieldNames.Raw, isAssembled ? ColumnEncoding.AssembledLine : batch.HasLearnedTemplates ? ColumnEncoding.LearnedLine : ColumnEncoding.Line, start, null);
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
                    WordSplitter.AddWords(Encoding.UTF8.GetBytes(part.Text), chunks.Words);
                }
            }
        }

        for (var i = 0; i < rows.Length; i++)
        {
            if (whole[templates[i]] && (members.IsEmpty || members[i] == 0))
            {
                WordSplitter.AddWords(batch.Value(batch.Lines[rows[i]]), chunks.Words);
            }
        }

        return timeIsDerived;
    }

    /// <summary>The messages; those that are the whole line are not written again.</summary>
    public void WriteMessages(RecordBatch batch, ReadOnlySpan<int> rows)
    {
        var own = 0;
        foreach (var row in rows)
        {
            own += batch.Messages[row] != batch.Lines[row] ? 1 : 0;
        }

        if (own == rows.Length)
        {
            columns.Write(FieldNames.Message, new() { Bytes = batch.Bytes, Spans = batch.Messages, Rows = rows });
            return;
        }

        if (own > 0)
        {
            var spans = Kept(batch.Count);
            foreach (var row in rows)
            {
                spans[row] = batch.Messages[row] != batch.Lines[row] ? batch.Messages[row] : ByteSpan.Absent;
            }

            columns.Write(FieldNames.LineMessage, new() { Bytes = batch.Bytes, Spans = spans, Rows = rows });
        }

        var start = chunks.Bytes.Length;
        if (own > 0)
        {
            chunks.Bytes.Text(FieldNames.LineMessage);
        }

        chunks.Bytes.Text(FieldNames.Raw);
        chunks.Add(FieldNames.Message, own > 0 ? ColumnEncoding.Either : ColumnEncoding.SameAs, start, null);
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
}
