using System.Buffers;
using System.Text;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>
/// Turns an encoded block back into records of a batch, as their parser once made them, so that they can be encoded again
/// together with others. The fields that a derived line is made of become places within the line, as in the first encoding.
/// </summary>
static class BlockRows
{
    public static List<string> StoredColumns(BlockView view) =>
        [.. view.Entries.Select(entry => entry.Name)
            .Where(name => name is not (FieldNames.Time or FieldNames.Raw or FieldNames.Message or FieldNames.LineMessage or FieldNames.Overflow))];

    /// <exception cref="CorruptDataException">The block does not verify.</exception>
    public static void CopyTo(RecordBatch batch, BlockView view, int first, int count)
    {
        var times = view.Times.Nanoseconds;
        var lines = view.Column(FieldNames.Raw) ?? throw new CorruptDataException("a block without lines");
        var messages = view.Column(FieldNames.Message) ?? throw new CorruptDataException("a block without messages");
        var names = StoredColumns(view);
        var columns = names.ToDictionary(name => name, name => view.Column(name)!, StringComparer.Ordinal);
        var assembled = lines as AssembledVector;
        var derived = assembled?.Others ?? lines as LineVector;
        var templates = derived?.Templates;
        var known = derived?.LineTemplates ?? [];
        var placed = new PlacedFields(batch, assembled);
        byte[] numbers = [0, .. known.Select(batch.AddTemplate)];
        var messageOf = (messages as EitherVector)?.First;
        var start = batch.Count;
        for (var row = first; row < first + count; row++)
        {
            var line = batch.Append(lines.Value(row));
            var isLine = ReferenceEquals(messages, lines) || (messageOf is not null && !messageOf.IsPresent(row));
            var own = placed.Add(row, line);
            var message = isLine ? line : own ?? batch.Append(messages.Value(row));
            var added = batch.Add(times[row], line, message, templates is null ? (byte)0 : numbers[templates[row]]);
            if (templates is not null && templates[row] != 0)
            {
                PlaceFields(batch, known[templates[row] - 1], columns, row, added);
            }
        }

        var made = known.Select(FieldsOf).ToArray();
        foreach (var (name, values) in columns)
        {
            var inLine = Array.ConvertAll(made, fields => fields.Contains(name));
            BatchColumn? column = null;
            for (var row = first; row < first + count; row++)
            {
                if (values.IsPresent(row) && (templates is null || templates[row] == 0 || !inLine[templates[row] - 1]))
                {
                    column ??= batch.Column(name);
                    column.Set(start + row - first, placed.Take(name, start + row - first) ?? batch.Append(values.Value(row)), values.Kind(row));
                }
            }
        }

        CopyOverflow(batch, view, first, count, start, placed);
    }

    /// <summary>The values of the fields that have no column in the block.</summary>
    static void CopyOverflow(RecordBatch batch, BlockView view, int first, int count, int start, PlacedFields placed)
    {
        foreach (var (name, values) in view.OverflowFields())
        {
            ByteSpan? nameSpan = null;
            for (var entry = 0; entry < values.Rows.Length; entry++)
            {
                var row = values.Rows[entry];
                if (row >= first && row < first + count)
                {
                    nameSpan ??= batch.Append(Encoding.UTF8.GetBytes(name));
                    var value = placed.Take(name, start + row - first) ?? batch.Append(values.Values.Value(entry));
                    batch.AddOverflow(start + row - first, nameSpan.Value, value, values.Values.Kind(entry));
                }
            }
        }
    }

    static HashSet<string> FieldsOf(LineTemplate template) => template.Parts
        .Where(part => part.Kind is TemplatePartKind.Field or TemplatePartKind.FieldOrDash)
        .Select(part => part.Text)
        .ToHashSet(StringComparer.Ordinal);

    static void PlaceFields(RecordBatch batch, LineTemplate template, Dictionary<string, ColumnVector> columns, int row, int added)
    {
        Span<byte> time = stackalloc byte[TimeForm.MaxLength];
        var at = batch.Lines[added].Offset;
        foreach (var part in template.Parts)
        {
            var values = columns.GetValueOrDefault(part.Text);
            if (part.Kind == TemplatePartKind.Field && part.Text == FieldNames.Message)
            {
                at += batch.Messages[added].Length;
            }
            else if (part.Kind is TemplatePartKind.Field or TemplatePartKind.FieldOrDash && values is not null && values.IsPresent(row))
            {
                var span = new ByteSpan(at, values.Value(row).Length);
                batch.Column(part.Text).Set(added, span, values.Kind(row));
                at = span.End;
            }
            else
            {
                at += part.Kind switch
                {
                    TemplatePartKind.Literal => Encoding.UTF8.GetByteCount(part.Text),
                    TemplatePartKind.ClfTime => Timestamps.ClfLength,
                    TemplatePartKind.Time => part.Time!.Write(batch.Times[added], time),
                    TemplatePartKind.FieldOrDash => 1,
                    TemplatePartKind.EscapedField when part.Text == FieldNames.Message => EscapedLength(part.Escapes!, batch.Value(batch.Messages[added])),
                    TemplatePartKind.EscapedField => EscapedLength(part.Escapes!, values is null ? default : values.Value(row)),
                    _ => 0,
                };
            }
        }
    }

    static int EscapedLength(JsonEscapes escapes, ReadOnlySpan<byte> value)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(value.Length * JsonEscapes.MaxGrowth);
        var length = escapes.Write(value, buffer);
        ArrayPool<byte>.Shared.Return(buffer);
        return length;
    }
}
