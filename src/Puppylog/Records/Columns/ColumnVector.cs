namespace Puppylog.Records.Columns;

/// <summary>
/// One field of a block or batch, ready to be searched. What it is (constant, dictionary, integers, text) is visible, so
/// that an operator can work once per distinct value or on machine integers; <see cref="Value"/> works on all.
/// </summary>
abstract class ColumnVector(int count)
{
    public int Count { get; } = count;

    /// <summary>False where the record has no such field. (To a query, an absent field equals an empty one.)</summary>
    public abstract bool IsPresent(int row);

    /// <summary>
    /// The value's bytes, empty where absent. Composed vectors return a scratch buffer: the bytes hold until the next call
    /// on this vector, and one thread at a time may call.
    /// </summary>
    public abstract ReadOnlySpan<byte> Value(int row);

    /// <summary>True where the value has no bytes, or is absent: often known without composing it.</summary>
    public virtual bool IsEmpty(int row) => Value(row).IsEmpty;

    public virtual ValueKind Kind(int row) => ValueKind.Text;

    /// <summary>Bytes that the decoded column holds, about.</summary>
    public virtual long HeldBytes => Count * 16L;

    /// <summary>
    /// A vector of the same values that another thread may use at the same time; null where there is none, and the column is
    /// not kept from query to query.
    /// </summary>
    public virtual ColumnVector? Share() => null;
}
