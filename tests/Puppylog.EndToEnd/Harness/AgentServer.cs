using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Puppylog.EndToEnd.Harness;

/// <summary>A <c>puppylog serve</c> on a port of its own that is stopped and started again.</summary>
sealed class AgentServer(PublishedProgram program, string data, params string[] more) : IAsyncDisposable
{
    RunningProgram? _running;

    public int Port { get; } = FreePort();

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    public RunningProgram Running => _running!;

    public async Task StartAsync()
    {
        _running = program.Start(["serve", "--listen", Url["http://".Length..], "--data", data, .. more]);
        await _running.WaitForErrorAsync(lines => lines.Any(line => line.Contains("listening on", StringComparison.Ordinal)), "the server listens");
    }

    public async Task KillAsync()
    {
        _running!.Kill();
        await _running.WaitForExitAsync();
        await _running.DisposeAsync();
    }

    public ValueTask DisposeAsync() => _running?.DisposeAsync() ?? ValueTask.CompletedTask;

    static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
