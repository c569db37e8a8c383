using System.Diagnostics;

namespace Puppylog.EndToEnd.Harness;

/// <summary>Waits for what another process does. The bound only ends a run that has failed; nothing is measured by it.</summary>
static class Eventually
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task HoldsAsync(Func<bool> condition, Func<string> otherwise) =>
        HoldsAsync(() => Task.FromResult(condition()), otherwise);

    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> otherwise)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Patience, otherwise());
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
