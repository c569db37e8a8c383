using Puppylog.Query.Execution;
using Puppylog.Records;

namespace Puppylog.Query.Pipes;

/// <summary>A pipe that looks at each row alone, so that the workers run it on their blocks. Shared between threads.</summary>
abstract class RowwisePipe : Pipe
{
    /// <summary>The rows as they come out: another view over the same rows, or fewer rows.</summary>
    public abstract RecordView Apply(RecordView view, ref int[] rows);

    /// <summary>The pipe for one run of the query; itself where it needs to know nothing of that.</summary>
    /// <param name="after">The fields that are read after it.</param>
    /// <param name="context">The running query.</param>
    public virtual RowwisePipe Bind(NeededFields after, QueryContext context) => this;

    public override PipeOperator CreateOperator(PipeOperator next, NeededFields after, QueryContext context) =>
        new RowwiseOperator(Bind(after, context), next, context);
}
