namespace Puppylog.Records.Columns;

/// <summary>One column's value, and another's for the records that do not have it.</summary>
sealed class EitherVector(ColumnVector first, ColumnVector other) : ColumnVector(first.Count)
{
    public ColumnVector First { get; } = first;

    public ColumnVector Other { get; } = other;

    public override bool IsPresent(int row) => First.IsPresent(row) || Other.IsPresent(row);

    public override ReadOnlySpan<byte> Value(int row) => First.IsPresent(row) ? First.Value(row) : Other.Value(row);

    public override bool IsEmpty(int row) => First.IsPresent(row) ? First.IsEmpty(row) : Other.IsEmpty(row);

    public override ValueKind Kind(int row) => First.IsPresent(row) ? First.Kind(row) : Other.Kind(row);

    /// <summary>The two are held under their own names.</summary>
    public override long HeldBytes => 0;

    public override ColumnVector? Share() => First.Share() is { } first && Other.Share() is { } other ? new EitherVector(first, other) : null;
}
