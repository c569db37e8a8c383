using System.Buffers.Binary;

namespace Puppylog.Intake;

/// <summary>Snappy's block format (https://github.com/google/snappy/blob/main/format_description.txt), as Loki's clients send it.</summary>
static class SnappyBlock
{
    /// <summary>A byte of a block stands for fewer bytes than this: what claims more is a lie.</summary>
    const int MostGrowth = 64;

    /// <summary>What the block stands for.</summary>
    /// <param name="block">The compressed bytes.</param>
    /// <param name="limit">Bytes that it may stand for.</param>
    /// <exception cref="IntakeException">It is no block, or of more.</exception>
    public static byte[] Decode(ReadOnlySpan<byte> block, int limit)
    {
        var length = ReadLength(ref block);
        if (length > (ulong)limit)
        {
            throw new IntakeException($"the body is of {length} bytes unpacked, and {limit} may be: send less at a time") { IsTooMuch = true };
        }

        if (length > (ulong)block.Length * MostGrowth)
        {
            throw Broken();
        }

        var target = new byte[length];
        var filled = 0;
        while (!block.IsEmpty)
        {
            var tag = block[0];
            if ((tag & 3) == 0)
            {
                Copy(Literal(ref block), target, ref filled);
            }
            else
            {
                var (size, offset) = Back(ref block);
                Repeat(target, ref filled, size, offset);
            }
        }

        return filled == target.Length ? target : throw Broken();
    }

    static IntakeException Broken() => new("the body is no snappy block, or a broken one; nothing of it is stored");

    static ulong ReadLength(ref ReadOnlySpan<byte> block)
    {
        var value = 0UL;
        for (var i = 0; i < 5 && i < block.Length; i++)
        {
            value |= (ulong)(block[i] & 0x7F) << (7 * i);
            if (block[i] < 0x80)
            {
                block = block[(i + 1)..];
                return value;
            }
        }

        throw Broken();
    }

    static ReadOnlySpan<byte> Literal(ref ReadOnlySpan<byte> block)
    {
        var size = block[0] >> 2;
        var extra = Math.Max(0, size - 59);
        var head = Take(ref block, 1 + extra);
        var length = 1L + size;
        if (extra > 0)
        {
            length = 1;
            for (var i = 0; i < extra; i++)
            {
                length += (long)head[1 + i] << (8 * i);
            }
        }

        return length <= block.Length ? Take(ref block, (int)length) : throw Broken();
    }

    /// <summary>How many bytes are repeated, and from how far back.</summary>
    static (int Size, long Offset) Back(ref ReadOnlySpan<byte> block)
    {
        var tag = block[0];
        switch (tag & 3)
        {
            case 1:
                return (4 + ((tag >> 2) & 7), ((tag & 0xE0) << 3) | Take(ref block, 2)[1]);
            case 2:
                return (1 + (tag >> 2), BinaryPrimitives.ReadUInt16LittleEndian(Take(ref block, 3)[1..]));
            default:
                return (1 + (tag >> 2), BinaryPrimitives.ReadUInt32LittleEndian(Take(ref block, 5)[1..]));
        }
    }

    static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> block, int length)
    {
        if (length > block.Length)
        {
            throw Broken();
        }

        var taken = block[..length];
        block = block[length..];
        return taken;
    }

    static void Copy(ReadOnlySpan<byte> literal, byte[] target, ref int filled)
    {
        if (literal.Length > target.Length - filled)
        {
            throw Broken();
        }

        literal.CopyTo(target.AsSpan(filled));
        filled += literal.Length;
    }

    static void Repeat(byte[] target, ref int filled, int size, long offset)
    {
        if (offset == 0 || offset > filled || size > target.Length - filled)
        {
            throw Broken();
        }

        // What is copied may overlap with what is written: a byte is repeated so.
        var from = filled - (int)offset;
        if (offset >= size)
        {
            target.AsSpan(from, size).CopyTo(target.AsSpan(filled));
        }
        else
        {
            for (var i = 0; i < size; i++)
            {
                target[filled + i] = target[from + i];
            }
        }

        filled += size;
    }
}
