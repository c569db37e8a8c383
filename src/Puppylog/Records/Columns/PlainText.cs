using System.Buffers.Text;

namespace Puppylog.Records.Columns;

/// <summary>Any column as text: all its values in one buffer, a place per record. A text or dictionary is not copied.</summary>
static class PlainText
{
    /// <summary>What one column may become at the most: templates can say much in few bytes.</summary>
    const int MaxLength = 1 << 30;

    /// <exception cref="CorruptDataException">The values are more than a buffer can hold.</exception>
    public static TextVector Of(ColumnVector column)
    {
        switch (column)
        {
            case TextVector text:
                return text;
            case LazyVector lazy:
                return Of(lazy.Column);
            case ConstantVector constant:
                var same = new ByteSpan[column.Count];
                Array.Fill(same, new(0, constant.Constant.Length));
                return new(column.Count, constant.Constant, same, Kinds(column));
            case DictionaryVector dictionary:
                var values = dictionary.Values;
                var spans = new ByteSpan[column.Count];
                for (var row = 0; row < spans.Length; row++)
                {
                    var code = dictionary.Codes[row];
                    spans[row] = code == dictionary.AbsentCode ? ByteSpan.Absent : new(values.Offsets[code], values.Offsets[code + 1] - values.Offsets[code]);
                }

                return new(column.Count, values.Bytes, spans, Kinds(column));
            case TemplateVector template:
                return Compose(template);
            default:
                return Format(column);
        }
    }

    static TextVector Format(ColumnVector column)
    {
        var spans = new ByteSpan[column.Count];
        var bytes = new byte[Math.Max(64, column.Count * 12)];
        var at = 0;
        for (var row = 0; row < spans.Length; row++)
        {
            if (!column.IsPresent(row))
            {
                spans[row] = ByteSpan.Absent;
                continue;
            }

            if (bytes.Length - at < 64)
            {
                Array.Resize(ref bytes, Grown(bytes.Length, 64));
            }

            int length;
            switch (column)
            {
                case IntegerVector integers:
                    Utf8Formatter.TryFormat(integers.Values[row], bytes.AsSpan(at), out length);
                    break;
                case Ipv4Vector addresses:
                    length = Ipv4Vector.Format(addresses.Addresses[row], bytes.AsSpan(at));
                    break;
                case DecimalVector decimals:
                    length = decimals.Format(row, bytes.AsSpan(at));
                    break;
                default:
                    var value = column.Value(row);
                    length = value.Length;
                    if (bytes.Length - at < length)
                    {
                        Array.Resize(ref bytes, Grown(bytes.Length, length));
                    }

                    value.CopyTo(bytes.AsSpan(at));
                    break;
            }

            spans[row] = new(at, length);
            at += length;
        }

        return new(column.Count, bytes, spans, Kinds(column));
    }

    static TextVector Compose(TemplateVector column)
    {
        var variables = new TextVector[column.Variables.Length];
        for (var i = 0; i < variables.Length; i++)
        {
            variables[i] = Of(column.Variables[i]);
        }

        var spans = new ByteSpan[column.Count];
        var bytes = new byte[Math.Max(64, column.Count * 32)];
        var at = 0;
        for (var row = 0; row < spans.Length; row++)
        {
            var number = column.TemplateOf[row];
            if (number == 0)
            {
                spans[row] = ByteSpan.Absent;
                continue;
            }

            var start = at;
            var rank = column.Ranks[row];
            foreach (ref readonly var part in column.Templates[number - 1].Parts.AsSpan())
            {
                var piece = part.IsLiteral ? part.Literal : variables[part.Variable].Value(rank);
                if (bytes.Length - at < piece.Length)
                {
                    Array.Resize(ref bytes, Grown(bytes.Length, piece.Length));
                }

                piece.CopyTo(bytes.AsSpan(at));
                at += piece.Length;
            }

            spans[row] = new(start, at - start);
        }

        return new(column.Count, bytes, spans, Kinds(column));
    }

    static int Grown(int length, int more)
    {
        var size = Math.Max(length * 2L, (long)length + more);
        return size <= MaxLength ? (int)size : throw new CorruptDataException("a column of too many bytes");
    }

    static byte[]? Kinds(ColumnVector column)
    {
        byte[]? kinds = null;
        for (var row = 0; row < column.Count; row++)
        {
            var kind = column.Kind(row);
            if (kind != ValueKind.Text)
            {
                kinds ??= new byte[column.Count];
                kinds[row] = (byte)kind;
            }
        }

        return kinds;
    }
}
