using Puppylog.Records;

namespace Puppylog.Query.Filters;

/// <summary>
/// A condition on a record. Each kind owns its syntax, its printing, the fields it needs and its execution, in one file.
/// Immutable, shared between threads.
/// </summary>
abstract class Filter
{
    /// <summary>Clears the rows that do not match; rows that are clear already need not be looked at.</summary>
    public abstract void Apply(RecordView view, RowBitmap rows);

    /// <summary>False where it is certain, without decoding a column, that nothing in the view matches.</summary>
    public virtual bool MayMatch(RecordView view) => true;

    /// <summary>Narrows the range of times (nanoseconds, both ends included) outside of which nothing can match.</summary>
    public virtual void NarrowTime(ref long min, ref long max)
    {
    }

    /// <summary>Adds the names of the fields that it reads.</summary>
    public abstract void AddFields(ISet<string> fields);

    /// <summary>LogsQL that parses to an equal filter.</summary>
    public abstract override string ToString();
}
