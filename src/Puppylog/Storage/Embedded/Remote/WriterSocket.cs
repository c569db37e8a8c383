using System.Collections.Concurrent;
using System.Net.Sockets;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Remote;

/// <summary>Where other processes reach the writer: <c>DATA/puppylog.sock</c>.</summary>
sealed class WriterSocket(LocalStore store) : IAsyncDisposable
{
    readonly CancellationTokenSource _closing = new();
    readonly ConcurrentDictionary<Task, byte> _connections = [];
    string _directory = "";
    SocketPath? _path;
    Socket? _socket;
    Task _accepting = Task.CompletedTask;

    /// <summary>
    /// Listens. The directory's lock must be held: a socket that is already there is a dead process's. A file system without
    /// sockets costs the others, not the writer.
    /// </summary>
    public void Listen(string directory)
    {
        try
        {
            _directory = directory;
            _path = new SocketPath(directory);
            File.Delete(_path.Path);
            _socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            _socket.Bind(_path.EndPoint);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(_path.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            _socket.Listen(512);
            _accepting = AcceptAsync(_socket);
        }
        catch (Exception e) when (e is SocketException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            _socket?.Dispose();
            _socket = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        _socket?.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_connections.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_socket is not null && DirectoryLock.IsOurs(_directory))
        {
            Remove(_path!.Path);
        }

        _path?.Dispose();
        _closing.Dispose();
    }

    static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next writer removes it before it binds its own.
        }
    }

    async Task AcceptAsync(Socket socket)
    {
        while (!_closing.IsCancellationRequested)
        {
            Socket accepted;
            try
            {
                accepted = await socket.AcceptAsync(_closing.Token).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // Out of descriptors, or the client has left before it was accepted.
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, _closing.Token).ConfigureAwait(false);
                continue;
            }

            var connection = new WriterConnection(store, new NetworkStream(accepted, ownsSocket: true));
            var running = connection.RunAsync(_closing.Token);
            _connections.TryAdd(running, 0);
            _ = running.ContinueWith(
                task => _connections.TryRemove(task, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }
}
