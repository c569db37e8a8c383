namespace Puppylog.Records.Columns;

/// <summary><c>_time</c>: nanoseconds since 1970, UTC; as text RFC 3339 with as many digits as it needs.</summary>
sealed class TimestampVector(int count, long[] nanoseconds) : ColumnVector(count)
{
    readonly byte[] _scratch = new byte[Timestamps.MaxRfc3339Length];

    /// <summary>The array may be longer than the count.</summary>
    public long[] Nanoseconds { get; } = nanoseconds;

    public override bool IsPresent(int row) => true;

    public override ReadOnlySpan<byte> Value(int row) => _scratch.AsSpan(0, Timestamps.FormatRfc3339(Nanoseconds[row], _scratch));

    public override long HeldBytes => 8L * Nanoseconds.Length;

    public override ColumnVector Share() => new TimestampVector(Count, Nanoseconds);
}
