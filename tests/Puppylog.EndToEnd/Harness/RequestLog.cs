namespace Puppylog.EndToEnd.Harness;

/// <summary>A store with generated API requests of several days, and one with the same beside them of no customer.</summary>
public sealed class RequestLog(PublishedProgram program) : IAsyncLifetime
{
    readonly TestDirectory _directory = new();

    public string Data => _directory.Data;

    /// <summary>2,000 requests of each of three days, one of them without a neighbour.</summary>
    public string Source => _directory["requests.log"];

    public async ValueTask InitializeAsync()
    {
        foreach (var (day, seed) in new[] { ("2026-01-01", "3"), ("2026-01-02", "4"), ("2026-01-04", "5") })
        {
            (await program.RunAsync("generate", "--format", "api_requests", "--max", "2000", "--seed", seed, "--start", $"{day}T12:00:00Z", "--output", Source, "--append")).Expect(0);
        }

        (await program.RunAsync("collect", "-s", Source, "--data", Data)).Expect(0);
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }
}
