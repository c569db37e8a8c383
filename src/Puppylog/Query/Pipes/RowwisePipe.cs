using Puppylog.Query.Execution;
using Puppylog.Records;

namespace Puppylog.Query.Pipes;

/// <summary>A pipe that looks at each row alone, so that the workers run it on their blocks. Shared between threads.</summary>
abstract class RowwisePipe : Pipe
{
    /// <summary>The rows as they come out: another view over the same rows, or fewer rows.</summary>
    public abstract RecordView Apply(RecordView view, ref int[] rows);

    public override PipeOperator CreateOperator(PipeOperator next, NeededFields after, QueryContext context) => new RowwiseOperator(this, next);
}
