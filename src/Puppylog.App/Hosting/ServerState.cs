using Puppylog.App.Api;
using Puppylog.Pipeline;
using Puppylog.Storage;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Hosting;

/// <summary>What the routes work with.</summary>
/// <param name="Store">The store; takes encoded commits, too.</param>
/// <param name="Collected">What this process collects itself; null where it collects nothing.</param>
sealed record ServerState(ILogStore Store, CollectCounters? Collected, TimeProvider Clock)
{
    public IEncodedIntake Intake => (IEncodedIntake)Store;

    public long Started { get; } = Clock.GetTimestamp();

    public AgentRegister Agents { get; } = new(Clock);

    public IntakeBudget Budget { get; } = new();
}
