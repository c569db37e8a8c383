namespace Puppylog.App.Watch;

/// <summary>Where the traffic that is watched comes from: a file that grows, an old file, a store.</summary>
interface ITrafficFeed
{
    /// <summary>Hands records to the sink as they come, one call at a time; ends where nothing more can come.</summary>
    /// <exception cref="Cli.UsageException">The source cannot be read; the message says the way out.</exception>
    Task RunAsync(ITrafficSink sink, CancellationToken cancellationToken);
}
