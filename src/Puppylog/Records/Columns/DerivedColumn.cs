using System.Buffers;
using System.Runtime.InteropServices;

namespace Puppylog.Records.Columns;

/// <summary>Computes a <see cref="DerivedField"/> for a whole column: once per distinct value where there is a dictionary.</summary>
static class DerivedColumn
{
    public static ColumnVector Apply(DerivedField field, ColumnVector source)
    {
        switch (source)
        {
            case ConstantVector constant:
                return new ConstantVector(constant.Count, field.Apply(constant.Constant).ToArray());
            case DictionaryVector dictionary:
                return Map(field, dictionary);
            case TextVector text:
                var spans = new ByteSpan[text.Count];
                for (var row = 0; row < spans.Length; row++)
                {
                    var span = text.Spans[row];
                    spans[row] = span.IsAbsent ? span : span with { Length = field.Apply(text.Value(row)).Length };
                }

                return new TextVector(text.Count, text.Bytes, spans);
            default:
                var bytes = new List<byte>();
                var copied = new ByteSpan[source.Count];
                for (var row = 0; row < copied.Length; row++)
                {
                    if (!source.IsPresent(row))
                    {
                        copied[row] = ByteSpan.Absent;
                        continue;
                    }

                    var value = field.Apply(source.Value(row));
                    copied[row] = new(bytes.Count, value.Length);
                    bytes.AddRange(value);
                }

                return new TextVector(source.Count, CollectionsMarshal.AsSpan(bytes).ToArray(), copied);
        }
    }

    /// <summary>Distinct routes become distinct paths or sections, equal ones merged.</summary>
    static DictionaryVector Map(DerivedField field, DictionaryVector source)
    {
        var mapped = ArrayPool<ushort>.Shared.Rent(source.DistinctCount);
        var known = new DistinctValues(16);
        var absent = -1;
        if (source.AbsentCode >= 0)
        {
            absent = known.Add([]);
            mapped[source.AbsentCode] = (ushort)absent;
        }

        if (source is { HasValues: false, Distinct: TemplateVector templates })
        {
            MapTemplates(field, templates, source, known, mapped);
        }
        else
        {
            var values = source.Values;
            for (var code = 0; code < values.Count; code++)
            {
                if (code != source.AbsentCode)
                {
                    mapped[code] = (ushort)known.GetOrAdd(field.Apply(values[code]));
                }
            }
        }

        var codes = new ushort[source.Count];
        for (var row = 0; row < codes.Length; row++)
        {
            codes[row] = mapped[source.Codes[row]];
        }

        ArrayPool<ushort>.Shared.Return(mapped);
        return new DictionaryVector(source.Count, known.ToTable(), codes, absent);
    }

    /// <summary>Where the fixed bytes that a template begins with say the answer, it is the same for all its values.</summary>
    static void MapTemplates(DerivedField field, TemplateVector values, DictionaryVector source, DistinctValues known, ushort[] mapped)
    {
        var answers = Array.ConvertAll(values.Templates, template => template.Rows > 0 && TryApply(field, template, out var value) ? known.GetOrAdd(value) : -1);
        for (var place = 0; place < values.Count; place++)
        {
            var template = values.TemplateOf[place];
            var answer = template == 0 ? -1 : answers[template - 1];
            mapped[source.CodeOf(place)] = (ushort)(answer >= 0 ? answer : known.GetOrAdd(field.Apply(values.Value(place))));
        }
    }

    /// <summary>The value where bytes behind the first of the fixed ones change nothing: it ended before them.</summary>
    static bool TryApply(DerivedField field, TextTemplate template, out ReadOnlySpan<byte> value)
    {
        var first = template.Parts is [{ IsLiteral: true } part, ..] ? part.Literal : [];
        value = field.Apply(first);
        return value.Length < first.Length || (template.Parts.Length == 1 && first.Length > 0);
    }
}
