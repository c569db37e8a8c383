using Puppylog.Records.Columns;

namespace Puppylog.Records;

/// <summary>
/// A block or batch as a query sees it: named columns, decoded when they are first asked for. One thread at a time.
/// </summary>
abstract class RecordView
{
    public abstract int Count { get; }

    /// <summary>The earliest time, nanoseconds since 1970 UTC.</summary>
    public abstract long MinTime { get; }

    public abstract long MaxTime { get; }

    /// <summary>The fields that some record has, without <c>_time</c>, <c>_raw</c> and hidden ones, in a stable order.</summary>
    public abstract IReadOnlyList<string> FieldNames { get; }

    public abstract TimestampVector Times { get; }

    /// <summary>The column of a field, <c>_time</c>, <c>_msg</c> and <c>_raw</c> included; null where no record has it.</summary>
    public abstract ColumnVector? Column(string name);

    /// <summary>False where it is certain, without decoding, that the view does not list the field.</summary>
    public virtual bool MayHaveField(string name)
    {
        foreach (var field in FieldNames)
        {
            if (field == name)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Bytes of the columns that were decoded so far, about.</summary>
    public virtual long HeldBytes => 0;

    /// <summary>False where it is certain, without decoding, that no record has the word in that field.</summary>
    public virtual bool MayContainWord(string field, ReadOnlySpan<byte> word) => true;

    /// <summary>True where it is known, without decoding, that all values are integers within the bounds given out.</summary>
    public virtual bool TryGetIntegerBounds(string field, out long min, out long max)
    {
        min = max = 0;
        return false;
    }
}
