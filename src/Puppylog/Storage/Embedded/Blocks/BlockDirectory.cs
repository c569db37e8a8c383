using System.Collections.Immutable;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>What a block says of itself before its chunks: records, times, format, templates, derived fields, columns, words.</summary>
/// <param name="Words">Where the word filter lies; its length is 0 where the block has no indexed word.</param>
/// <param name="Names">Where the filter of the names in the overflow column lies; its length is 0 where there are none.</param>
sealed record BlockDirectory(
    int Count, long MinTime, long MaxTime, RecordShape Shape, ImmutableArray<ColumnEntry> Columns, ChunkPlace Words, ChunkPlace Names)
{
    const byte HasBounds = 1;
    const byte IsSparse = 2;

    public static void Write(
        ByteWriter target, RecordShape shape, int count, long min, long max, List<ColumnEntry> columns, ChunkPlace words, ChunkPlace names)
    {
        target.Varint((ulong)count);
        target.UInt64((ulong)min);
        target.UInt64((ulong)max);
        target.Text(shape.Format);
        target.Varint((ulong)shape.Templates.Length);
        foreach (var template in shape.Templates)
        {
            target.Text(template.Text);
        }

        target.Varint((ulong)shape.Derived.Length);
        foreach (var field in shape.Derived)
        {
            target.Text(field.Name);
            target.Text(field.Source);
            target.Byte((byte)field.Function);
        }

        target.Varint((ulong)columns.Count);
        foreach (var column in columns)
        {
            target.Text(column.Name);
            target.Byte((byte)column.Encoding);
            target.Byte((byte)((column.Bounds is null ? 0 : HasBounds) | (column.IsSparse ? IsSparse : 0)));
            Write(target, column.Place);
            if (column.Bounds is { } bounds)
            {
                target.ZigZag(bounds.Min);
                target.ZigZag(bounds.Max);
            }
        }

        Write(target, words);
        Write(target, names);
    }

    static void Write(ByteWriter target, ChunkPlace place)
    {
        target.Varint((ulong)place.Offset);
        target.Varint((ulong)place.Length);
        target.UInt32(place.Crc);
    }

    /// <param name="bytes">The directory.</param>
    /// <param name="version">The block's version.</param>
    public static BlockDirectory Read(ReadOnlySpan<byte> bytes, byte version)
    {
        var source = new ByteReader(bytes);
        var count = source.Size(BlockFormat.MaxRecords);
        var min = (long)source.UInt64();
        var max = (long)source.UInt64();
        var format = source.Text();

        var templates = ImmutableArray.CreateBuilder<LineTemplate>();
        for (var left = source.Size(255); left > 0; left--)
        {
            var text = source.Text();
            templates.Add(LineTemplate.TryParse(text, out var template) ? template : throw new CorruptDataException($"not a line template: {text}"));
        }

        var derived = ImmutableArray.CreateBuilder<DerivedField>();
        for (var left = source.Size(255); left > 0; left--)
        {
            var field = new DerivedField(source.Text(), source.Text(), (DerivedFunction)source.Byte());
            if (!Enum.IsDefined(field.Function))
            {
                throw new CorruptDataException($"unknown function {(byte)field.Function} of a derived field");
            }

            derived.Add(field);
        }

        var columns = ImmutableArray.CreateBuilder<ColumnEntry>();
        for (var left = source.Size(BlockFormat.MaxColumns); left > 0; left--)
        {
            var name = source.Text();
            var encoding = (ColumnEncoding)source.Byte();
            var flags = source.Byte();
            var place = ReadPlace(ref source);
            (long, long)? bounds = (flags & HasBounds) == 0 ? null : (source.ZigZag(), source.ZigZag());
            columns.Add(new(name, encoding, place, bounds, (flags & IsSparse) != 0));
        }

        var words = ReadPlace(ref source);
        var names = version >= 2 ? ReadPlace(ref source) : default;
        return new(count, min, max, new RecordShape(format, templates.ToImmutable(), derived.ToImmutable()), columns.ToImmutable(), words, names);
    }

    static ChunkPlace ReadPlace(ref ByteReader source) => new(source.Size(int.MaxValue), source.Size(int.MaxValue), source.UInt32());
}
