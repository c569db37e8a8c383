using Puppylog.Storage.Embedded.Blocks.Encodings;
using Puppylog.Storage.Embedded.Blocks.WordFilters;
using Puppylog.Storage.Embedded.Bytes;

namespace Puppylog.Storage.Embedded.Blocks;

/// <summary>What has been written of a block so far: the chunks of its columns, what the directory says of them, its words.</summary>
sealed class BlockChunks
{
    /// <summary>Where the rows begin that the values written now belong to; -1 while every record is written.</summary>
    int _rowsStart = -1;

    public ByteWriter Bytes { get; } = new();

    public List<ColumnEntry> Entries { get; } = [];

    public WordFilterBuilder Words { get; } = new();

    public EncoderScratch Scratch { get; } = new();

    /// <summary>Gets what is kept of the block; null where nothing is.</summary>
    public KeptColumns? Kept { get; set; }

    /// <summary>True while only values of some records are written.</summary>
    public bool IsSparse => _rowsStart >= 0;

    public void Clear()
    {
        Bytes.Clear();
        Entries.Clear();
        Words.Clear();
        _rowsStart = -1;
    }

    /// <summary>Writes the places of the records that the next column has values of; until <see cref="EndSparse"/>.</summary>
    public void BeginSparse(ReadOnlySpan<int> places)
    {
        _rowsStart = Bytes.Length;
        SparseRows.Write(Bytes, places, Scratch);
    }

    public void EndSparse() => _rowsStart = -1;

    /// <summary>Says what the chunk is that was written from <paramref name="start"/> on.</summary>
    public void Add(string name, ColumnEncoding encoding, int start, (long Min, long Max)? bounds)
    {
        Entries.Add(new(name, encoding, PlaceFrom(IsSparse ? _rowsStart : start), bounds, IsSparse));
    }

    public ChunkPlace PlaceFrom(int start) => new(start, Bytes.Length - start, Crc32C.Compute(Bytes.Written[start..]));
}
