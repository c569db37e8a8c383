namespace Puppylog.Records.Columns;

/// <summary>Every record has the same value.</summary>
sealed class ConstantVector(int count, byte[] value, ValueKind kind = ValueKind.Text) : ColumnVector(count)
{
    public byte[] Constant { get; } = value;

    public override bool IsPresent(int row) => true;

    public override ReadOnlySpan<byte> Value(int row) => Constant;

    public override ValueKind Kind(int row) => kind;

    public override long HeldBytes => Constant.Length + 64;

    public override ColumnVector Share() => this;
}
