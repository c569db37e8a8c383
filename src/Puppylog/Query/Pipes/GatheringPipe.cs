using Puppylog.Query.Execution;

namespace Puppylog.Query.Pipes;

/// <summary>A pipe whose result does not depend on the order of its input, so that each worker gathers for itself.</summary>
abstract class GatheringPipe : Pipe
{
    public abstract GatheringOperator CreateGatherer(PipeOperator next, NeededFields after, QueryContext context);

    public override PipeOperator CreateOperator(PipeOperator next, NeededFields after, QueryContext context) => CreateGatherer(next, after, context);
}
