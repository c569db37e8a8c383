using System.Globalization;
using Puppylog.Metrics;
using Puppylog.Storage.Embedded;

namespace Puppylog.App.Cli;

/// <summary>How the store is opened for writing. The environment can make its upkeep busier than is good, for tests.</summary>
static class StoreSettings
{
    const string UpkeepMilliseconds = "PUPPYLOG_UPKEEP_MS";
    const string SealBlocks = "PUPPYLOG_SEAL_BLOCKS";

    public static EmbeddedStoreOptions Options(TimeProvider clock)
    {
        var options = new EmbeddedStoreOptions(clock) { Metrics = () => new MetricEngine() };
        if (Number(SealBlocks) is { } blocks)
        {
            options = options with { SealBlocks = blocks };
        }

        return Number(UpkeepMilliseconds) is { } interval
            ? options with { UpkeepInterval = TimeSpan.FromMilliseconds(interval), LeavingDelay = TimeSpan.FromMilliseconds(interval) }
            : options;
    }

    static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
