using System.Buffers;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>
/// Distinct values once, in order of first occurrence: their count, 1 + the absent one's code (0: none), whether kinds
/// follow, lengths, bytes, kinds; then per record 0 for "the next new value" or 1 + the code of a known one. Written so,
/// a new value costs a fraction of a bit, and frequent values, which come early, have small codes.
/// </summary>
static class DictionaryEncoding
{
    /// <param name="target">Where it goes.</param>
    /// <param name="count">Records.</param>
    /// <param name="scratch">The encoder's buffers; its dictionary has been built from the column.</param>
    /// <param name="textQuality">Brotli's quality for the values.</param>
    public static void Write(ByteWriter target, int count, EncoderScratch scratch, int textQuality)
    {
        var dictionary = scratch.Dictionary;
        target.Varint((ulong)dictionary.Count);
        target.Varint((ulong)(dictionary.AbsentCode + 1));
        target.Byte(dictionary.HasKinds ? (byte)1 : (byte)0);

        var lengths = scratch.Numbers(dictionary.Count);
        var text = scratch.Gathered;
        text.Clear();
        for (var code = 0; code < lengths.Length; code++)
        {
            lengths[code] = Math.Max(0, dictionary.Values[code].Length);
            text.Bytes(dictionary.Value(code));
        }

        PackedIntegers.Write(target, lengths, scratch.Integers, mayAscend: false);
        Section.Write(target, text.Written, textQuality);
        if (dictionary.HasKinds)
        {
            Section.Write(target, dictionary.Kinds, textQuality);
        }

        WriteCodes(target, dictionary.Codes(count), scratch);
    }

    public static void WriteCodes(ByteWriter target, ReadOnlySpan<ushort> codes, EncoderScratch scratch)
    {
        var steps = scratch.Integers.Steps(codes.Length);
        var next = 0;
        for (var i = 0; i < steps.Length; i++)
        {
            // Without a branch: which values are new is not to be foreseen.
            int code = codes[i];
            var isNew = code == next ? 1 : 0;
            steps[i] = (code + 1) & (isNew - 1);
            next += isNew;
        }

        PackedIntegers.Write(target, steps, scratch.Integers);
    }

    public static DictionaryVector Read(ref ByteReader source, int count)
    {
        var distinct = source.Size(Math.Min(count, BlockFormat.MaxDictionary));
        var absent = source.Size(distinct) - 1;
        var hasKinds = source.Byte() != 0;

        var lengths = new long[distinct];
        PackedIntegers.Read(ref source, lengths);
        var bytes = Section.Read(ref source);
        var offsets = new int[distinct + 1];
        for (var i = 0; i < distinct; i++)
        {
            var end = offsets[i] + lengths[i];
            if (lengths[i] < 0 || lengths[i] > bytes.Length || end > bytes.Length)
            {
                throw new CorruptDataException("a dictionary's lengths go past its bytes");
            }

            offsets[i + 1] = (int)end;
        }

        byte[]? kinds = null;
        if (hasKinds)
        {
            kinds = Section.Read(ref source);
            if (kinds.Length != distinct)
            {
                throw new CorruptDataException("a dictionary has more or fewer kinds than values");
            }
        }

        return new(count, new ByteTable(bytes, offsets), ReadCodes(ref source, count, distinct), absent, kinds);
    }

    /// <summary>A code below <paramref name="distinct"/> per record.</summary>
    public static ushort[] ReadCodes(ref ByteReader source, int count, int distinct)
    {
        var codes = new ushort[count];
        var next = 0;
        var rented = ArrayPool<long>.Shared.Rent(count);
        var steps = rented.AsSpan(0, count);
        PackedIntegers.Read(ref source, steps);
        for (var i = 0; i < count; i++)
        {
            var step = steps[i];
            var code = step == 0 ? next++ : step - 1;
            if ((ulong)code >= (ulong)next)
            {
                throw new CorruptDataException("a code names no value");
            }

            codes[i] = (ushort)code;
        }

        ArrayPool<long>.Shared.Return(rented);
        return next <= distinct ? codes : throw new CorruptDataException("a code names no value");
    }
}
