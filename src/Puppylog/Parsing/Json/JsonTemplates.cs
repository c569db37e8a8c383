using System.Text;
using System.Text.Unicode;
using Puppylog.Records;

namespace Puppylog.Parsing.Json;

/// <summary>
/// The templates of lines with the same bytes between their values. They differ in which value is the time, the message and
/// the level (that depends on whether a value is a time at all), and in how time and strings are written.
/// </summary>
sealed class JsonTemplates
{
    /// <summary>More are not learned.</summary>
    const int Most = 64;

    /// <summary>For places where no line ends.</summary>
    public static readonly JsonTemplates None = new();

    readonly List<Entry> _entries = [];

    /// <summary>The number in the batch of the record's template; 0 where it has none.</summary>
    /// <param name="record">The record.</param>
    /// <param name="text">Its line.</param>
    /// <param name="batch">The batch that it will be added to.</param>
    /// <param name="binding">Tells this batch from those before.</param>
    public byte Number(JsonRecord record, ReadOnlySpan<byte> text, RecordBatch batch, int binding)
    {
        var form = record.Form;
        if (TryNumber(form, batch, binding, out var number))
        {
            return number;
        }

        var made = new Entry(form, Make(record, text));
        _entries.Add(made);
        return made.Number(batch, binding);
    }

    /// <summary>The same of a form that was met before; false for a new one that there is room for.</summary>
    public bool TryNumber(in JsonForm form, RecordBatch batch, int binding, out byte number)
    {
        foreach (var entry in _entries)
        {
            if (entry.Form == form)
            {
                number = entry.Number(batch, binding);
                return true;
            }
        }

        number = 0;
        return _entries.Count == Most;
    }

    /// <summary>The template; null where it cannot be written as one.</summary>
    static LineTemplate? Make(JsonRecord record, ReadOnlySpan<byte> text)
    {
        var parts = new List<TemplatePart>((record.Fields.Length * 2) + 1);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var at = 0;
        foreach (ref readonly var field in record.Fields)
        {
            // Of a name that comes twice only the last value is kept.
            var part = record.Part(field);
            if (!TryAddLiteral(parts, text[at..field.Start]) || !names.Add(part.Text))
            {
                return null;
            }

            parts.Add(part);
            at = field.End;
        }

        return TryAddLiteral(parts, text[at..]) ? LineTemplate.TryMake(parts) : null;
    }

    /// <summary>False where a key is no UTF-8, which a template's text cannot hold.</summary>
    static bool TryAddLiteral(List<TemplatePart> parts, ReadOnlySpan<byte> literal)
    {
        if (!literal.IsEmpty)
        {
            parts.Add(new(TemplatePartKind.Literal, Encoding.UTF8.GetString(literal)));
        }

        return Utf8.IsValid(literal);
    }

    sealed class Entry(JsonForm form, LineTemplate? template)
    {
        int _binding = -1;
        byte _number;

        public JsonForm Form { get; } = form;

        public byte Number(RecordBatch batch, int binding)
        {
            if (binding != _binding)
            {
                _binding = binding;
                _number = template is null ? (byte)0 : batch.AddTemplate(template);
            }

            return _number;
        }
    }
}
