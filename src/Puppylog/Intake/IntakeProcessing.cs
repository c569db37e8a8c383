using System.Collections.Concurrent;
using Puppylog.Processing;
using Puppylog.Processing.Options;
using Puppylog.Records;

namespace Puppylog.Intake;

/// <summary>
/// What is done with all that is sent: it is redacted before it gets into a batch, and its records go through processors. One
/// for all requests, so that a limit or a window of duplicates counts over all of them. Thread-safe.
/// </summary>
/// <param name="options">The processors, in their order.</param>
/// <param name="clock">What limits go by.</param>
sealed class IntakeProcessing(IReadOnlyList<ProcessorOptions> options, TimeProvider clock)
{
    readonly ConcurrentBag<IntakeRedactor> _redactors = [];
    readonly Lock _gate = new();
    ProcessorChain _chain = new(options, clock);

    /// <summary>True where records may be dropped.</summary>
    public bool HasProcessors => !_chain.IsEmpty;

    /// <summary>For one request; null where nothing is to be redacted.</summary>
    public IntakeRedactor? RentRedactor() => _redactors.TryTake(out var kept) ? kept : IntakeRedactor.Create(options);

    public void Return(IntakeRedactor redactor)
    {
        if (redactor.IsSmall && _redactors.Count < Environment.ProcessorCount)
        {
            _redactors.Add(redactor);
        }
    }

    /// <summary>Runs a batch through the processors: what was dropped is no longer in it.</summary>
    public ProcessedBatch Apply(RecordBatch batch)
    {
        lock (_gate)
        {
            return _chain.Apply(batch);
        }
    }

    /// <summary>Forgets what processors remember: records that they let pass were not stored after all, and will come again.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _chain = new(options, clock);
        }
    }
}
