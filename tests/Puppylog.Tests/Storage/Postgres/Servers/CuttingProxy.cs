using System.Net;
using System.Net.Sockets;

namespace Puppylog.Tests.Storage.Postgres.Servers;

/// <summary>Stands between a client and a server, and cuts the connection at a moment of the test's choice.</summary>
sealed class CuttingProxy : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _ended = new();
    readonly int _port;
    readonly Task _accepting;
    byte[] _mark = [];
    bool _passesMark;
    long _bytesLeft = long.MaxValue;

    public CuttingProxy(int port)
    {
        _port = port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections that were cut.</summary>
    public int Cuts { get; private set; }

    /// <summary>Cuts once, when the client sends this; after the server has had it and has answered, or before it gets it.</summary>
    public void CutAt(string mark, bool afterAnswer)
    {
        _passesMark = afterAnswer;
        _mark = System.Text.Encoding.UTF8.GetBytes(mark);
    }

    /// <summary>Cuts once, when the client has sent so many bytes more.</summary>
    public void CutAfter(long bytes) => Interlocked.Exchange(ref _bytesLeft, bytes);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.Dispose();
    }

    async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_ended.Token);
            _ = ServeAsync(client);
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _port, _ended.Token);
                var answers = new AnswerGate();
                var back = BackAsync(server.GetStream(), client.GetStream(), answers);
                await ForthAsync(client.GetStream(), server.GetStream(), answers);
                server.Close();
                await back;
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
            }
        }
    }

    async Task ForthAsync(NetworkStream from, NetworkStream to, AnswerGate answers)
    {
        var buffer = new byte[64 << 10];
        while (await from.ReadAsync(buffer, _ended.Token) is > 0 and var read)
        {
            if (_mark.Length > 0 && buffer.AsSpan(0, read).IndexOf(_mark) >= 0)
            {
                _mark = [];
                if (_passesMark)
                {
                    var answered = answers.Hold();
                    await to.WriteAsync(buffer.AsMemory(0, read), _ended.Token);
                    await answered.WaitAsync(TimeSpan.FromSeconds(20));
                }

                Cuts++;
                return;
            }

            if (Interlocked.Add(ref _bytesLeft, -read) < 0)
            {
                Interlocked.Exchange(ref _bytesLeft, long.MaxValue);
                await to.WriteAsync(buffer.AsMemory(0, read / 2), _ended.Token);
                Cuts++;
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, read), _ended.Token);
        }
    }

    async Task BackAsync(NetworkStream from, NetworkStream to, AnswerGate answers)
    {
        var buffer = new byte[64 << 10];
        while (await from.ReadAsync(buffer, _ended.Token) is > 0 and var read)
        {
            if (!answers.Swallow())
            {
                await to.WriteAsync(buffer.AsMemory(0, read), _ended.Token);
            }
        }
    }

    /// <summary>Whether answers still reach the client.</summary>
    sealed class AnswerGate
    {
        TaskCompletionSource? _held;

        public Task Hold() => (_held = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public bool Swallow()
        {
            _held?.TrySetResult();
            return _held is not null;
        }
    }
}
