namespace Puppylog.Metrics;

/// <summary>The entries of a section that is brought together with others. (A class: what the library has for lists of classes is compiled beforehand.)</summary>
/// <param name="bytes">What it lies in.</param>
/// <param name="from">Where its entries begin.</param>
/// <param name="length">Their bytes.</param>
/// <param name="isLong">Its measures were written before numbers were shortened.</param>
sealed class FoldSection(byte[] bytes, int from, int length, bool isLong)
{
    public static FoldSection Empty { get; } = new([], 0, 0, false);

    public byte[] Bytes => bytes;

    public int From => from;

    public ReadOnlySpan<byte> Entries => bytes.AsSpan(from, length);

    public bool IsLong => isLong;
}
