using Puppylog.Configuration;
using Puppylog.Pipeline;

namespace Puppylog.App.Cli.Config;

/// <summary>What flags and a configuration say together: a flag that is given goes before, and its sources come beside.</summary>
/// <param name="Flags">What the flags say.</param>
/// <param name="HasSources">True where sources are given by flags.</param>
/// <param name="HasBatchSize">The same for <c>--batch-size</c>.</param>
/// <param name="HasBatchWait">The same for <c>--batch-wait</c>.</param>
/// <param name="HasWorkers">The same for <c>--workers</c>.</param>
sealed record CollectSettings(CollectOptions Flags, bool HasSources, bool HasBatchSize, bool HasBatchWait, bool HasWorkers)
{
    public CollectOptions With(PuppylogConfiguration? configuration)
    {
        if (configuration is null)
        {
            return Flags;
        }

        var wait = HasBatchWait ? Flags.FlushInterval : configuration.Batches.Wait;
        return Flags with
        {
            Sources = HasSources ? Flags.Sources : [],
            Configured = configuration.SourceOptions(),
            BatchSize = HasBatchSize ? Flags.BatchSize : configuration.Batches.Size,
            FlushInterval = wait,
            WatchedFlushInterval = TimeSpan.FromMilliseconds(Math.Min(20, wait.TotalMilliseconds)),
            Workers = HasWorkers ? Flags.Workers : configuration.Batches.Workers,
            MayChange = Flags.Watch,
        };
    }
}
