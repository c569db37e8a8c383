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
        [.. view.Entries.Select(entry => entry.Name).Where(name => name is not (FieldNames.Time or FieldNames.Raw or FieldNames.Message))];

    /// <exception cref="CorruptDataException">The block does not verify.</exception>
    public static void CopyTo(RecordBatch batch, BlockView view, int first, int count)
    {
        var times = view.Times.Nanoseconds;
        var lines = view.Column(FieldNames.Raw) ?? throw new CorruptDataException("a block without lines");
        var messages = view.Column(FieldNames.Message) ?? throw new CorruptDataException("a block without messages");
        var names = StoredColumns(view);
        var columns = names.ToDictionary(name => name, name => view.Column(name)!, StringComparer.Ordinal);
        var templates = (lines as LineVector)?.Templates;
        var start = batch.Count;
        for (var row = first; row < first + count; row++)
        {
            var line = batch.Append(lines.Value(row));
            var message = ReferenceEquals(messages, lines) ? line : batch.Append(messages.Value(row));
            var added = batch.Add(times[row], line, message, templates?[row] ?? 0);
            if (templates is not null && templates[row] != 0)
            {
                PlaceFields(batch, view.Shape.Templates[templates[row] - 1], columns, row, added, line.Offset);
            }
        }

        var made = view.Shape.Templates.Select(FieldsOf).ToArray();
        foreach (var (name, values) in columns)
        {
            var inLine = Array.ConvertAll(made, fields => fields.Contains(name));
            BatchColumn? column = null;
            for (var row = first; row < first + count; row++)
            {
                if (values.IsPresent(row) && (templates is null || templates[row] == 0 || !inLine[templates[row] - 1]))
                {
                    column ??= batch.Column(name);
                    column.Set(start + row - first, batch.Append(values.Value(row)), values.Kind(row));
                }
            }
        }
    }

    static HashSet<string> FieldsOf(LineTemplate template) => template.Parts
        .Where(part => part.Kind is TemplatePartKind.Field or TemplatePartKind.FieldOrDash)
        .Select(part => part.Text)
        .ToHashSet(StringComparer.Ordinal);

    static void PlaceFields(RecordBatch batch, LineTemplate template, Dictionary<string, ColumnVector> columns, int row, int added, int at)
    {
        foreach (var part in template.Parts)
        {
            switch (part.Kind)
            {
                case TemplatePartKind.Literal:
                    at += Encoding.UTF8.GetByteCount(part.Text);
                    break;
                case TemplatePartKind.ClfTime:
                    at += Timestamps.ClfLength;
                    break;
                default:
                    if (columns.GetValueOrDefault(part.Text) is { } values && values.IsPresent(row))
                    {
                        var span = new ByteSpan(at, values.Value(row).Length);
                        batch.Column(part.Text).Set(added, span, values.Kind(row));
                        at = span.End;
                    }
                    else if (part.Kind == TemplatePartKind.FieldOrDash)
                    {
                        at++;
                    }

                    break;
            }
        }
    }
}
