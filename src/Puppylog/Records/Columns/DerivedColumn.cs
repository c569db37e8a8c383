using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
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
        var values = source.Values;
        var known = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, values.Count * 2))];
        var seed = (ulong)Random.Shared.NextInt64();
        var bytes = GC.AllocateUninitializedArray<byte>(values.Bytes.Length);
        var offsets = new int[values.Count + 1];
        var (count, length, absent) = (0, 0, -1);
        var mapped = ArrayPool<ushort>.Shared.Rent(values.Count);
        for (var code = 0; code < values.Count; code++)
        {
            if (code == source.AbsentCode)
            {
                absent = count;
                mapped[code] = (ushort)count;
                offsets[++count] = length;
                continue;
            }

            var value = field.Apply(values[code]);
            var slot = Hash(value, seed) & (uint)(known.Length - 1);
            while (known[slot] != 0 && !bytes.AsSpan(offsets[known[slot] - 1]..offsets[known[slot]]).SequenceEqual(value))
            {
                slot = (slot + 1) & (uint)(known.Length - 1);
            }

            if (known[slot] == 0)
            {
                value.CopyTo(bytes.AsSpan(length));
                length += value.Length;
                offsets[++count] = length;
                known[slot] = count;
            }

            mapped[code] = (ushort)(known[slot] - 1);
        }

        var codes = new ushort[source.Count];
        for (var row = 0; row < codes.Length; row++)
        {
            codes[row] = mapped[source.Codes[row]];
        }

        ArrayPool<ushort>.Shared.Return(mapped);
        return new DictionaryVector(source.Count, new ByteTable(bytes[..length], offsets[..(count + 1)]), codes, absent);
    }

    /// <summary>Of the length, and of all bytes in eights, multiplied and folded (after Wang Yi's wyhash).</summary>
    static uint Hash(ReadOnlySpan<byte> value, ulong seed)
    {
        var hash = seed ^ (ulong)value.Length;
        while (value.Length >= 8)
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(value));
            value = value[8..];
        }

        ulong rest = 0;
        foreach (var b in value)
        {
            rest = (rest << 8) | b;
        }

        return (uint)Fold(hash ^ rest);

        static ulong Fold(ulong number)
        {
            var high = Math.BigMul(number, 0x9E37_79B9_7F4A_7C15, out var low);
            return high ^ low;
        }
    }
}
