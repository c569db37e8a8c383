using Puppylog.App.Tui.Tail;

namespace Puppylog.App.Watch.Boards;

/// <summary>What a dashboard asks for beside the records that come: of a file, a store or a server.</summary>
/// <remarks>May throw what stores and connections throw; who asks shows the message and asks again.</remarks>
interface IBoards : IAsyncDisposable
{
    Task<StreamBoard> ReadStreamsAsync(CancellationToken cancellationToken);

    /// <param name="id">The metric whose observations are wanted; null, or unknown, for the first one.</param>
    /// <param name="periods">How many periods.</param>
    Task<MetricBoard> ReadMetricsAsync(string? id, int periods, CancellationToken cancellationToken);

    /// <summary>The alerts on metrics; the traffic alert of the dashboard itself is none of them.</summary>
    /// <param name="id">The one whose history is wanted; null for nobody's.</param>
    Task<AlertBoard> ReadAlertsAsync(string? id, CancellationToken cancellationToken);

    /// <summary>The newest records that there were before, oldest first, and the last commit among them; null where none are kept.</summary>
    Task<(IReadOnlyList<TailRecord> Records, long Covered)?> SearchAsync(TailFilter filter, int limit, CancellationToken cancellationToken);

    /// <summary>The stream selector of a group; null where there is no such group.</summary>
    string? FindGroup(string name);
}
