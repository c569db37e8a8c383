using Puppylog.Diagnostics;
using Puppylog.Pipeline;
using Puppylog.Sources;

namespace Puppylog.App.Watch;

/// <summary>
/// The lines of files, pipes and stdin: in a replay everything, one source after the other; live what comes from now on, of
/// all sources at once.
/// </summary>
/// <param name="Names">Paths, and <c>-</c> for stdin.</param>
/// <param name="Lines">How they are read.</param>
/// <param name="Replay">True to read what is there and end.</param>
/// <param name="Notice">Takes sentences for people.</param>
/// <param name="StandardInput">Opens stdin.</param>
/// <param name="Clock">The time of reading.</param>
sealed record LogFeed(
    IReadOnlyList<string> Names, LineFormat Lines, bool Replay, Action<string> Notice, Func<Stream> StandardInput, TimeProvider Clock) : ITrafficFeed
{
    /// <summary>True where a second reading gives the same: files, no pipes.</summary>
    public bool IsRepeatable => Replay && Names.All(name => name != LogSources.StandardInput && File.Exists(name) && IsRegular(name));

    LogReader? _reader;

    public async Task RunAsync(ITrafficSink sink, CancellationToken cancellationToken)
    {
        using var reader = new LogReader(this, sink);
        _reader = reader;
        await reader.RunAsync(cancellationToken);
    }

    /// <summary>How the sources stand; none before reading begins. May be asked from any thread.</summary>
    public IReadOnlyList<SourceStanding> Standings() => _reader?.Standings() ?? [];

    static bool IsRegular(string name)
    {
        try
        {
            return FileStatus.TryFind(name, out var status) && status.Kind == FileKind.Regular;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
