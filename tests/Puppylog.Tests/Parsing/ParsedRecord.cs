using System.Text;
using Puppylog.Parsing;
using Puppylog.Records;
using Puppylog.Records.Columns;

namespace Puppylog.Tests.Parsing;

/// <summary>What a parser made of one line, bytes shown as Latin-1.</summary>
sealed class ParsedRecord
{
    public const long ReadTime = 1_700_000_000 * Timestamps.Second;

    ParsedRecord(RecordBatch batch, LineParser parser, bool accepted, string? reason)
    {
        Accepted = accepted;
        Reason = reason;
        if (!accepted)
        {
            Assert.Equal(0, batch.Count);
            Assert.All(batch.Columns, column => Assert.False(column.IsUsed));
            return;
        }

        Assert.Equal(1, batch.Count);
        var view = new BatchView(batch);
        Time = Timestamps.ToRfc3339(batch.Times[0]);
        Message = Encoding.Latin1.GetString(view.Column(FieldNames.Message)!.Value(0));
        Raw = Encoding.Latin1.GetString(view.Column(FieldNames.Raw)!.Value(0));
        Template = batch.Templates[0];
        Zone = view.Column(FieldNames.LineZone) is { } zone ? Encoding.Latin1.GetString(zone.Value(0)) : null;
        LineTime = view.Column(FieldNames.LineTime) is { } time ? Encoding.Latin1.GetString(time.Value(0)) : null;
        foreach (var name in view.FieldNames)
        {
            var column = view.Column(name)!;
            if (name != FieldNames.Message && column.IsPresent(0))
            {
                Fields.Add(name, Encoding.Latin1.GetString(column.Value(0)));
                Kinds.Add(name, column.Kind(0));
            }
        }

        if (Template > 0)
        {
            Composed = Encoding.Latin1.GetString(Compose(batch, view).Value(0));
        }

        Assert.Equal(parser.Shape, batch.Shape);
    }

    public bool Accepted { get; }

    public string? Reason { get; }

    public string Time { get; } = "";

    public string Message { get; } = "";

    public string Raw { get; } = "";

    public byte Template { get; }

    public string? Zone { get; }

    public string? LineTime { get; }

    /// <summary>The line built from its fields; null where no template is claimed.</summary>
    public string? Composed { get; }

    public SortedDictionary<string, string> Fields { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ValueKind> Kinds { get; } = new(StringComparer.Ordinal);

    public static ParsedRecord Parse(LineParser parser, string latin1) => Parse(parser, Encoding.Latin1.GetBytes(latin1));

    public static ParsedRecord Parse(LineParser parser, byte[] bytes)
    {
        var batch = new RecordBatch(parser.Shape);
        parser.ReadTime = ReadTime;
        parser.Bind(batch);
        // The line does not begin at the batch's beginning, as in life.
        batch.Append("before\n"u8);
        var line = batch.Append(bytes);
        var accepted = parser.TryParse(line, out var reason);
        Assert.Equal(accepted, reason is null);
        return new(batch, parser, accepted, reason);
    }

    /// <summary>All lines of a batch that claim a template, built from their fields.</summary>
    public static LineVector Compose(RecordBatch batch, RecordView view) => new(
        batch.Count,
        batch.Templates.ToArray(),
        [.. batch.LineTemplates.Select(template => template.Parts.Select(part => Source(part, view)).ToArray())],
        null);

    static LineVector.PartSource Source(TemplatePart part, RecordView view) => part.Kind switch
    {
        TemplatePartKind.Literal => new(part.Kind, Encoding.UTF8.GetBytes(part.Text), null, null),
        TemplatePartKind.ClfTime => new(part.Kind, [], view.Times, view.Column(FieldNames.LineZone) ?? new ConstantVector(view.Count, [])),
        TemplatePartKind.Time => new(TemplatePartKind.Field, [], new WrittenTimeVector(view.Times, part.Time!), null),
        TemplatePartKind.EscapedField => new(TemplatePartKind.Field, [], view.Column(part.Text) is { } text ? EscapedVector.Of(text, part.Escapes!) : null, null),
        _ => new(part.Kind, [], view.Column(part.Text), null),
    };

    public string Describe() =>
        Accepted
            ? string.Join(" ; ", Fields.Where(field => field.Key is not (FieldNames.Path or FieldNames.Section)).Select(field => $"{field.Key}={field.Value}")) + $" #{Template}"
            : $"! {Reason}";
}
