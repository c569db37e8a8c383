using Puppylog.Processing.Options;
using Puppylog.Processing.Redaction;
using Puppylog.Processing.Steps;
using Puppylog.Records;

namespace Puppylog.Processing;

/// <summary>Processors one after the other, over batches of one lane. Not thread-safe. See README.md.</summary>
sealed class ProcessorChain
{
    readonly List<Processor> _processors = [];

    /// <exception cref="ArgumentException">The options have mistakes; <see cref="ProcessorOptions.Check"/> tells all.</exception>
    public ProcessorChain(IEnumerable<ProcessorOptions> options, TimeProvider clock)
    {
        var all = options.ToList();
        foreach (var each in all)
        {
            if (each.Check().FirstOrDefault() is { Message: not null } problem)
            {
                throw new ArgumentException($"{each.Kind}: {problem}", nameof(options));
            }

            if (Create(each, clock) is { } processor)
            {
                _processors.Add(processor);
            }
        }

        Redactor = LineRedactor.Create(all);
    }

    /// <summary>What lines go through before they are parsed; null where they stay as they are.</summary>
    public LineRedactor? Redactor { get; }

    /// <summary>True where it does nothing to records (lines may be redacted all the same).</summary>
    public bool IsEmpty => _processors.Count == 0;

    /// <summary>Runs the batch through the chain: what was dropped is no longer in it.</summary>
    public ProcessedBatch Apply(RecordBatch batch)
    {
        var work = new ProcessedBatch(batch);
        foreach (var processor in _processors)
        {
            if (work.Rows.IsEmpty())
            {
                break;
            }

            processor.Apply(work);
        }

        work.Compact();
        return work;
    }

    static Processor? Create(ProcessorOptions options, TimeProvider clock) => options switch
    {
        AddOptions add => new AddProcessor(add),
        RenameOptions rename => new RenameProcessor(rename),
        RemoveOptions remove => new RemoveProcessor(remove),
        FilterOptions filter => new FilterProcessor(filter),
        SampleOptions sample => new SampleProcessor(sample),
        DeduplicateOptions deduplicate => new DeduplicateProcessor(deduplicate),
        RateLimitOptions limit => new RateLimitProcessor(limit, clock),
        CapOptions cap => new CapProcessor(cap),
        RedactOptions => null,
        _ => throw new ArgumentException($"no processor for {options.Kind}", nameof(options)),
    };
}
