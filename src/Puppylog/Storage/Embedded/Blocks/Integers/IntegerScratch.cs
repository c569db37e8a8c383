namespace Puppylog.Storage.Embedded.Blocks.Integers;

/// <summary>Buffers of <see cref="PackedIntegers"/>, kept by an encoder from list to list.</summary>
sealed class IntegerScratch
{
    readonly int[] _histogram = new int[256];
    long[] _differences = [];
    byte[] _bytes = [];
    int[] _steps = [];

    /// <summary>What is known of the sections of the column that is being written; null where nothing is kept of it.</summary>
    public KnownSections? Sections { get; set; }

    /// <summary>256 counts, all zero.</summary>
    public Span<int> Histogram()
    {
        Array.Clear(_histogram);
        return _histogram;
    }

    public Span<long> Differences(int count) => Sized(ref _differences, count);

    public Span<int> Steps(int count) => Sized(ref _steps, count);

    public Span<byte> Bytes(int count) => Sized(ref _bytes, count);

    static Span<T> Sized<T>(ref T[] array, int count)
    {
        if (array.Length < count)
        {
            array = new T[Math.Max(count, 4096)];
        }

        return array.AsSpan(0, count);
    }
}
