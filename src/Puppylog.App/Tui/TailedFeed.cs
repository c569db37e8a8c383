using Puppylog.App.Tui.Tail;
using Puppylog.App.Watch;

namespace Puppylog.App.Tui;

/// <summary>A feed whose records the live tail sees, too.</summary>
sealed class TailedFeed(ITrafficFeed feed, DashboardModel model) : ITrafficFeed
{
    public Task RunAsync(ITrafficSink sink, CancellationToken cancellationToken) =>
        feed.RunAsync(new TailIntake(model.Tail, model.Watch.Sync, sink), cancellationToken);
}
