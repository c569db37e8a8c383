using System.Runtime.CompilerServices;
using Puppylog.Processing;
using Puppylog.Processing.Options;

namespace Puppylog.Pipeline;

/// <summary>The chains of a lane, one for each list of processors: sources with one list share its batches and its state.</summary>
sealed class ChainBook(TimeProvider clock)
{
    readonly ConditionalWeakTable<IReadOnlyList<ProcessorOptions>, ProcessorChain> _chains = [];

    /// <summary>Null where there is nothing to do.</summary>
    public ProcessorChain? Find(IReadOnlyList<ProcessorOptions> processors) =>
        processors.Count == 0 ? null : _chains.GetValue(processors, list => new ProcessorChain(list, clock));
}
