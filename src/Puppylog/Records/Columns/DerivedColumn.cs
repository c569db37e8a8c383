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
        var known = new Dictionary<UInt128, List<int>>();
        var bytes = new List<byte>();
        var offsets = new List<int> { 0 };
        var mapped = new ushort[source.Values.Count];
        var absent = -1;
        for (var code = 0; code < mapped.Length; code++)
        {
            if (code == source.AbsentCode)
            {
                absent = offsets.Count - 1;
                mapped[code] = (ushort)absent;
                offsets.Add(bytes.Count);
                continue;
            }

            var value = field.Apply(source.Values[code]);
            var hash = new HashCode();
            hash.AddBytes(value);
            var key = new UInt128((ulong)value.Length, (ulong)hash.ToHashCode());
            ref var entries = ref CollectionsMarshal.GetValueRefOrAddDefault(known, key, out _);
            entries ??= [];
            var found = -1;
            foreach (var entry in entries)
            {
                if (CollectionsMarshal.AsSpan(bytes)[offsets[entry]..offsets[entry + 1]].SequenceEqual(value))
                {
                    found = entry;
                    break;
                }
            }

            if (found < 0)
            {
                found = offsets.Count - 1;
                entries.Add(found);
                bytes.AddRange(value);
                offsets.Add(bytes.Count);
            }

            mapped[code] = (ushort)found;
        }

        var codes = new ushort[source.Count];
        for (var row = 0; row < codes.Length; row++)
        {
            codes[row] = mapped[source.Codes[row]];
        }

        return new DictionaryVector(source.Count, new ByteTable(CollectionsMarshal.AsSpan(bytes).ToArray(), [.. offsets]), codes, absent);
    }
}
