using System.Text;
using Puppylog.Records;
using Puppylog.Records.Columns;
using Puppylog.Storage.Embedded.Blocks.Integers;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks.Encodings;

/// <summary>
/// Lines that are made of members (<see cref="LineAssembler"/>): the fields, the members, how many of them each line has,
/// their numbers. Numbers below <see cref="Short"/> take a byte, the others go on in a second section.
/// </summary>
static class AssembledEncoding
{
    const int Short = 192;
    const byte Long = 255;
    const int MaxFields = 1 << 22;
    const int MaxMembers = 1 << 22;

    public static void Write(ByteWriter target, LineAssembler lines, EncoderScratch scratch, int textQuality)
    {
        var text = scratch.Gathered;
        text.Clear();
        foreach (var field in lines.Fields)
        {
            text.Text(field);
        }

        target.Varint((ulong)lines.Fields.Count);
        Section.Write(target, text.Written, textQuality);

        var members = lines.Members;
        target.Varint((ulong)members.Count);
        Write(target, scratch, members.Count, member => members.Field(member) + 1);
        var names = Names(lines.Fields);
        Write(target, scratch, members.Count, member => NameIn(members, member, names) + 1);
        Write(target, scratch, members.Count, member => members.Text(member).Length - (NameIn(members, member, names) < 0 ? 0 : names[members.Field(member)].Length));
        text.Clear();
        for (var member = 0; member < members.Count; member++)
        {
            var whole = members.Text(member);
            var at = NameIn(members, member, names);
            text.Bytes(at < 0 ? whole : whole[..at]);
            text.Bytes(at < 0 ? [] : whole[(at + names[members.Field(member)].Length)..]);
        }

        Section.Write(target, text.Written, textQuality);
        var counts = scratch.Numbers(lines.Counts.Length);
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = lines.Counts[i];
        }

        PackedIntegers.Write(target, counts, scratch.Integers, mayAscend: false);
        WriteSequence(target, lines.Sequence, text, textQuality);
    }

    static byte[][] Names(IReadOnlyList<string> fields)
    {
        var names = new byte[fields.Count][];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = Encoding.UTF8.GetBytes(fields[i]);
        }

        return names;
    }

    /// <summary>Where the field's own name stands in a member's text, which mostly is its key; -1 where it does not.</summary>
    static int NameIn(MemberTable members, int member, byte[][] names) =>
        members.Field(member) < 0 ? -1 : members.Text(member).IndexOf(names[members.Field(member)]);

    static void Write(ByteWriter target, EncoderScratch scratch, int count, Func<int, int> number)
    {
        var numbers = scratch.Numbers(count);
        for (var i = 0; i < count; i++)
        {
            numbers[i] = number(i);
        }

        PackedIntegers.Write(target, numbers, scratch.Integers, mayAscend: false);
    }

    static void WriteSequence(ByteWriter target, ReadOnlySpan<int> sequence, ByteWriter bytes, int textQuality)
    {
        bytes.Clear();
        foreach (var number in sequence)
        {
            bytes.Byte(First(number));
        }

        Section.Write(target, bytes.Written, textQuality);
        bytes.Clear();
        foreach (var number in sequence)
        {
            var first = First(number);
            if (first >= Short)
            {
                var rest = number - Short;
                bytes.Byte((byte)rest);
                if (first == Long)
                {
                    bytes.Byte((byte)(rest >> 8));
                    bytes.Byte((byte)(rest >> 16));
                }
            }
        }

        Section.Write(target, bytes.Written, textQuality);
    }

    static byte First(int number) => number < Short ? (byte)number : (byte)Math.Min(Long, Short + ((number - Short) >> 8));

    /// <param name="source">The chunk; what follows are the other lines.</param>
    /// <param name="count">Records.</param>
    /// <param name="others">Reads the other lines.</param>
    /// <param name="find">Finds a field's column.</param>
    public static AssembledVector Read(ref ByteReader source, int count, LineReader others, Func<string, ColumnVector?> find)
    {
        var fields = new string[source.Size(Math.Min(MaxFields, source.Remaining * 256))];
        var names = new ByteReader(Section.Read(ref source));
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = names.Text();
        }

        var members = ReadMembers(ref source, Names(fields));
        var ends = new int[count];
        var counts = new long[count];
        PackedIntegers.Read(ref source, counts);
        var first = Section.Read(ref source);
        var second = new ByteReader(Section.Read(ref source));
        var end = 0L;
        for (var row = 0; row < count; row++)
        {
            end += counts[row] >= 0 && counts[row] <= first.Length ? counts[row] : throw Wrong();
            ends[row] = end <= first.Length ? (int)end : throw Wrong();
        }

        if (end != first.Length)
        {
            throw Wrong();
        }

        var sequence = new int[first.Length];
        for (var i = 0; i < sequence.Length; i++)
        {
            var number = (int)first[i];
            if (number >= Short)
            {
                var low = second.Byte();
                number = Short + low + (number == Long ? (second.Byte() << 8) + (second.Byte() << 16) : (number - Short) << 8);
            }

            sequence[i] = number < members.Length ? number : throw Wrong();
        }

        return new(others(ref source), ends, sequence, members, fields, find);
    }

    static AssembledVector.Member[] ReadMembers(ref ByteReader source, byte[][] names)
    {
        var count = source.Size(MaxMembers);
        var numbers = new long[count];
        PackedIntegers.Read(ref source, numbers);
        var members = new AssembledVector.Member[count];
        var places = new long[count];
        PackedIntegers.Read(ref source, places);
        var lengths = new long[count];
        PackedIntegers.Read(ref source, lengths);
        var text = Section.Read(ref source).AsMemory();
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            if (numbers[i] < 0 || numbers[i] > names.Length || lengths[i] < 0 || lengths[i] > text.Length - at)
            {
                throw Wrong();
            }

            var own = text.Slice(at, (int)lengths[i]);
            var field = (int)numbers[i] - 1;
            at += own.Length;
            if (places[i] < 0 || places[i] > own.Length + 1 || (places[i] > 0 && field < 0))
            {
                throw Wrong();
            }

            var place = (int)places[i] - 1;
            members[i] = new(place < 0 ? own : (byte[])[.. own.Span[..place], .. names[field], .. own.Span[place..]], field);
        }

        return members;
    }

    static CorruptDataException Wrong() => new("the members of lines are not as they say");

    public delegate LineVector LineReader(ref ByteReader source);
}
