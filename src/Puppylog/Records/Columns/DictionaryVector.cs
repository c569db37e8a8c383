namespace Puppylog.Records.Columns;

/// <summary>Distinct values once, and a code per record.</summary>
/// <param name="count">Records.</param>
/// <param name="values">The distinct values; the entry of the absent code is empty.</param>
/// <param name="codes">An index into the values per record (the array may be longer than the count).</param>
/// <param name="absentCode">The code of records without the field, or -1 where all have it.</param>
/// <param name="kinds">The kind per distinct value, or null where all are text.</param>
sealed class DictionaryVector(int count, ByteTable values, ushort[] codes, int absentCode, byte[]? kinds = null)
    : ColumnVector(count)
{
    public ByteTable Values { get; } = values;

    public ushort[] Codes { get; } = codes;

    public int AbsentCode { get; } = absentCode;

    public byte[]? Kinds { get; } = kinds;

    public override bool IsPresent(int row) => Codes[row] != AbsentCode;

    public override ReadOnlySpan<byte> Value(int row) => Values[Codes[row]];

    public override ValueKind Kind(int row) => Kinds is null ? ValueKind.Text : (ValueKind)Kinds[Codes[row]];

    public override long HeldBytes => Values.Bytes.Length + (4L * Values.Offsets.Length) + (2L * Codes.Length) + (Kinds?.Length ?? 0);

    public override ColumnVector Share() => this;
}
