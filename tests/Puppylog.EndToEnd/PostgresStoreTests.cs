using System.Text;
using Puppylog.EndToEnd.Harness;
using Puppylog.Tests.Storage.Postgres.Servers;

namespace Puppylog.EndToEnd;

/// <summary>The program on a PostgreSQL database, by its commands.</summary>
public sealed class PostgresStoreTests(PublishedProgram program, SharedPostgres postgres) : IDisposable
{
    readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Collected_lines_are_found_and_followed_with_those_of_others()
    {
        var server = await postgres.ServerAsync();
        var store = await server.CreateDatabaseAsync();
        var missing = await program.RunAsync("collect", "-s", "-", "--store", store);
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("run 'puppylog bootstrap --store postgres://puppy@127.0.0.1:", missing.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("ss%2Fword", missing.Errors, StringComparison.Ordinal);

        var made = await program.RunAsync("bootstrap", "--store", store);
        Assert.Equal(0, made.ExitCode);
        Assert.Contains("made the tables, version 1", made.Text, StringComparison.Ordinal);
        Assert.Contains("the tables are there, version 1", (await program.RunAsync("bootstrap", "--store", store)).Text, StringComparison.Ordinal);

        await using var tail = program.Start(["tail", "checkout", "--store", store, "-n", "1"]);
        byte[] lines = [.. "first checkout\n"u8, .. "second checkout with \0 and "u8, 0xFF, .. "\n"u8];
        var collected = await program.RunAsync(["collect", "-s", "-", "--format", "text", "--store", store], lines);
        Assert.Equal(0, collected.ExitCode);
        Assert.Contains("1 value has NUL or bytes that are no UTF-8", collected.Errors, StringComparison.Ordinal);
        await server.SqlAsync(store, "INSERT INTO logs (time, log_event) VALUES (now(), 'checkout of psql')");

        await tail.WaitForOutputAsync(shown => shown.Any(line => line.EndsWith("checkout of psql", StringComparison.Ordinal)), "what psql inserted");
        var raw = await program.RunAsync("search", "checkout", "--store", store, "-o", "raw");
        Assert.Equal([.. lines, .. "checkout of psql\n"u8], raw.Output);
        Assert.Equal(1, (await program.RunAsync("search", "nothing", "--store", store)).ExitCode);
    }

    [Theory]
    [InlineData("collect", "-s", "-", "--store", "postgres://h/x", "--retain", "30d")]
    [InlineData("collect", "-s", "-", "--store", "mysql://h/x")]
    [InlineData("search", "x", "--store", "postgres://h/x", "--data", "/tmp")]
    [InlineData("search", "x", "file.log", "--store", "postgres://h/x")]
    [InlineData("search", "x", "--store", "postgres://127.0.0.1:1/x")]
    [InlineData("serve", "--store", "postgres://127.0.0.1:1/x")]
    [InlineData("bootstrap")]
    public async Task Mistake_is_an_error(params string[] arguments)
    {
        var result = await program.RunAsync(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("puppylog: ", result.Errors, StringComparison.Ordinal);
    }

    /// <summary><c>$PUPPYLOG_KILLS</c> sets how often (10), <c>$PUPPYLOG_SEED</c> repeats a run.</summary>
    [Fact]
    public async Task Every_line_is_stored_exactly_once_however_often_collector_and_server_are_killed()
    {
        await using var server = await PostgresServer.StartAsync();
        var store = await server.CreateDatabaseAsync();
        Assert.Equal(0, (await program.RunAsync("bootstrap", "--store", store)).ExitCode);
        var kills = int.Parse(Environment.GetEnvironmentVariable("PUPPYLOG_KILLS") ?? "10", System.Globalization.CultureInfo.InvariantCulture);
        var seed = int.Parse(Environment.GetEnvironmentVariable("PUPPYLOG_SEED") ?? $"{Random.Shared.Next()}", System.Globalization.CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper!.WriteLine($"PUPPYLOG_SEED={seed}");
        var random = new Random(seed);
        const int Lines = 200_000;
        var log = _directory["access.log"];
        var written = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            var count = kill == kills - 1 ? Lines - written : Lines / kills;
            AccessLines.Append(log, AccessLines.Lines(written, count));
            written += count;
            await using var collector = program.Start(["collect", "-s", log, "--watch", "--batch-size", "500", "--store", store]);
            await Task.Delay(random.Next(700), TestContext.Current.CancellationToken);
            if (kill % 2 == 1)
            {
                await server.CrashAsync();
                await Task.Delay(random.Next(200), TestContext.Current.CancellationToken);
                await server.RestartAsync();
                await Task.Delay(random.Next(700), TestContext.Current.CancellationToken);
            }

            // One that came while the server was away has ended by itself.
            Assert.True(!collector.HasExited || kill % 2 == 1, string.Join('\n', collector.ErrorLines));
            collector.Kill();
            await collector.WaitForExitAsync();
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"stored before the last run: {await server.SqlAsync(store, "SELECT count(*) FROM logs")}");
        var last = await program.RunAsync(["collect", "-s", log, "--store", store], null, patience: TimeSpan.FromMinutes(2));
        Assert.True(last.ExitCode == 0, last.Errors);
        var raw = await program.RunAsync(["search", "*", "--store", store, "-o", "raw"], null, patience: TimeSpan.FromMinutes(2));
        AccessLines.AssertSame(AccessLines.Lines(0, Lines), raw.Output);
    }
}
