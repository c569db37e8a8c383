using System.Collections.Concurrent;
using System.Net.Sockets;
using Puppylog.Records;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Compaction;
using Puppylog.Storage.Embedded.Retention;
using Puppylog.Storage.Embedded.Segments;

namespace Puppylog.Storage.Embedded.Remote;

/// <summary>A connection to the process that writes the store. Once it breaks, every call is a <see cref="WriterGoneException"/>.</summary>
sealed class RemoteLink : ICommitTarget
{
    readonly MessageStream _messages;
    readonly CancellationTokenSource _closing = new();
    readonly ConcurrentDictionary<long, TaskCompletionSource<Message>> _waiting = [];
    readonly ConcurrentDictionary<long, IProgress<CompactionProgress>> _progress = [];
    readonly Lock _gate = new();
    Task _reading = Task.CompletedTask;
    long _lastId;
    bool _broken;
    volatile string? _trouble;
    volatile bool _isHindered;
    volatile bool _watched;

    RemoteLink(Stream stream) => _messages = new MessageStream(stream);

    public string? Trouble => _trouble;

    public bool IsHindered => _isHindered;

    public bool IsWatched => _watched;

    /// <summary>Called with the last commit's number whenever it has changed, after <see cref="SubscribeAsync"/>.</summary>
    public Action<long>? Committed { get; init; }

    /// <summary>Ends when the connection does.</summary>
    public Task Closed => _reading;

    /// <exception cref="SocketException">Nobody listens.</exception>
    /// <exception cref="WriterGoneException">Whoever listens does not answer as it should.</exception>
    /// <exception cref="OperationCanceledException">No answer in time.</exception>
    public static async Task<RemoteLink> ConnectAsync(string directory, Action<long>? committed, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            using var path = new SocketPath(directory);
            await socket.ConnectAsync(path.EndPoint, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var link = new RemoteLink(new NetworkStream(socket, ownsSocket: true)) { Committed = committed };
        try
        {
            await link.GreetAsync(cancellationToken).ConfigureAwait(false);
            return link;
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            await link.DisposeAsync().ConfigureAwait(false);
            throw new WriterGoneException(e);
        }
        catch
        {
            await link.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task<CommitReceipt> CommitAsync(EncodedCommit commit, CancellationToken cancellationToken)
    {
        var (id, answer) = Expect();
        await SendAsync(id, _messages.SendAsync(MessageKind.Commit, id, CommitMessage.Head(commit), CommitMessage.Bodies(commit), default))
            .ConfigureAwait(false);

        // Only now: a cancellation that overtakes its commit would be forgotten.
        using var registration = cancellationToken.UnsafeRegister(_ => Observe(_messages.SendAsync(MessageKind.Cancel, id, default, default)), null);
        using var message = await answer.ConfigureAwait(false);
        try
        {
            if (message.Kind == MessageKind.Failure)
            {
                throw FailureMessage.Read(message);
            }

            var reader = message.Reader();
            return new(reader.Int64(), reader.Int64(), reader.Byte() != 0);
        }
        catch (FormatException e)
        {
            throw new WriterGoneException(e);
        }
    }

    public async ValueTask<IReadOnlyList<SourcePosition>> ReadPositionsAsync(CancellationToken cancellationToken)
    {
        var (id, answer) = Expect();
        await SendAsync(id, _messages.SendAsync(MessageKind.ReadPositions, id, default, default)).ConfigureAwait(false);
        using var message = await answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var reader = message.Reader();
            var positions = new SourcePosition[reader.Count(smallest: 32)];
            for (var i = 0; i < positions.Length; i++)
            {
                positions[i] = CommitMetadata.ReadPosition(ref reader);
            }

            return positions;
        }
        catch (FormatException e)
        {
            throw new WriterGoneException(e);
        }
    }

    public async Task<CompactionReport> CompactAsync(IProgress<CompactionProgress>? progress, CancellationToken cancellationToken)
    {
        var (id, answer) = Expect();
        if (progress is not null)
        {
            _progress[id] = progress;
        }

        try
        {
            return await AskAsync(id, answer, MessageKind.Compact, default, UpkeepMessage.ReadReport, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _progress.TryRemove(id, out _);
        }
    }

    public Task<RetentionPolicy> SetRetentionAsync(RetentionChange change, CancellationToken cancellationToken)
    {
        var (id, answer) = Expect();
        return AskAsync(id, answer, MessageKind.SetRetention, UpkeepMessage.Write(change), UpkeepMessage.ReadPolicy, cancellationToken);
    }

    /// <summary>Asks to be told of commits.</summary>
    public Task SubscribeAsync(CancellationToken cancellationToken) => _messages.SendAsync(MessageKind.Watch, 0, default, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _messages.DisposeAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    async Task GreetAsync(CancellationToken cancellationToken)
    {
        await _messages.SendAsync(MessageKind.Hello, 0, default, cancellationToken).ConfigureAwait(false);
        using var welcome = await _messages.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (welcome.Kind != MessageKind.Welcome)
        {
            throw new FormatException("the answer is no welcome");
        }

        SetTrouble(welcome, skip: 8);
        _reading = ReadAsync();
    }

    async Task ReadAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Exception? reason = null;
        try
        {
            while (true)
            {
                Handle(await _messages.ReadAsync(_closing.Token).ConfigureAwait(false));
            }
        }
        catch (Exception e) when (e is IOException or FormatException or OperationCanceledException or ObjectDisposedException)
        {
            reason = e;
        }

        lock (_gate)
        {
            _broken = true;
        }

        foreach (var waiting in _waiting.Values)
        {
            waiting.TrySetException(new WriterGoneException(reason));
        }
    }

    void Handle(Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.Trouble:
                SetTrouble(message, skip: 0);
                message.Dispose();
                break;
            case MessageKind.Watched:
                _watched = message.Reader().Byte() != 0;
                message.Dispose();
                break;
            case MessageKind.Committed:
                var last = message.Reader().Int64();
                message.Dispose();
                Committed?.Invoke(last);
                break;
            case MessageKind.CompactionProgress:
                using (message)
                {
                    if (_progress.TryGetValue(message.Id, out var progress))
                    {
                        progress.Report(UpkeepMessage.ReadProgress(message));
                    }
                }

                break;
            default:
                if (!_waiting.TryRemove(message.Id, out var waiting) || !waiting.TrySetResult(message))
                {
                    message.Dispose();
                }

                break;
        }
    }

    void SetTrouble(Message message, int skip)
    {
        var reader = message.Reader();
        reader.Take(skip);
        var text = reader.Text();
        _trouble = text.Length == 0 ? null : text;
        _isHindered = reader.Byte() != 0;
    }

    (long Id, Task<Message> Answer) Expect()
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_broken)
            {
                throw new WriterGoneException();
            }

            _waiting[id] = answer;
        }

        return (id, answer.Task);
    }

    async Task SendAsync(long id, Task sending)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            _waiting.TryRemove(id, out _);
            throw new WriterGoneException(e);
        }
        catch
        {
            _waiting.TryRemove(id, out _);
            throw;
        }
    }

    async Task<T> AskAsync<T>(
        long id, Task<Message> answer, MessageKind kind, ReadOnlyMemory<byte> payload, Func<Message, T> read, CancellationToken cancellationToken)
    {
        await SendAsync(id, _messages.SendAsync(kind, id, payload, default)).ConfigureAwait(false);
        using var registration = cancellationToken.UnsafeRegister(_ => Observe(_messages.SendAsync(MessageKind.Cancel, id, default, default)), null);
        using var message = await answer.ConfigureAwait(false);
        try
        {
            return message.Kind == MessageKind.Failure ? throw FailureMessage.Read(message) : read(message);
        }
        catch (FormatException e)
        {
            throw new WriterGoneException(e);
        }
    }

    static void Observe(Task task) =>
        task.ContinueWith(static done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
}
