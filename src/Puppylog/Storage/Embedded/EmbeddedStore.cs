using System.Globalization;
using System.Net.Sockets;
using Puppylog.Storage.Embedded.Commits;
using Puppylog.Storage.Embedded.Files;
using Puppylog.Storage.Embedded.Reading;
using Puppylog.Storage.Embedded.Remote;

namespace Puppylog.Storage.Embedded;

/// <summary>Opens the embedded log database of a data directory.</summary>
static class EmbeddedStore
{
    static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Opens for writing: as the directory's one writer where there is none, else as a client of the one that there is,
    /// through its socket. Makes the directory (0700) where it is missing.
    /// </summary>
    /// <exception cref="LogStoreException">The directory cannot be used, or its writer does not answer within 5 s.</exception>
    public static Task<ILogStore> OpenWriterAsync(string directory, TimeProvider clock, CancellationToken cancellationToken) =>
        OpenWriterAsync(directory, new EmbeddedStoreOptions(clock), cancellationToken);

    /// <summary>Opens for reading, beside a writer or without one.</summary>
    /// <exception cref="LogStoreException">There is no store, or it cannot be read.</exception>
    public static Task<ILogStore> OpenReaderAsync(string directory, TimeProvider clock, CancellationToken cancellationToken) =>
        OpenReaderAsync(directory, new EmbeddedStoreOptions(clock), cancellationToken);

    public static async Task<ILogStore> OpenWriterAsync(string directory, EmbeddedStoreOptions options, CancellationToken cancellationToken)
    {
        directory = Path.GetFullPath(directory);
        CreateDirectory(directory, options.Files);
        Task<ICommitTarget> Open(CancellationToken cancellation) => OpenTargetAsync(directory, options, cancellation);
        var target = await Open(cancellationToken).ConfigureAwait(false);
        if (target is LocalStore local)
        {
            return local;
        }

        try
        {
            return new RemoteStore(directory, options, target, Open);
        }
        catch
        {
            await target.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public static Task<ILogStore> OpenReaderAsync(string directory, EmbeddedStoreOptions options, CancellationToken cancellationToken) =>
        Task.Run<ILogStore>(() => new ReaderStore(Path.GetFullPath(directory), options), cancellationToken);

    /// <summary>Becomes the writer, or connects to the process that is.</summary>
    static async Task<ICommitTarget> OpenTargetAsync(string directory, EmbeddedStoreOptions options, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.AnswerTimeout, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        Exception? reason = null;
        while (true)
        {
            if (TakeLock(directory) is { } taken)
            {
                return await Task.Run(() => LocalStore.Open(directory, options, taken), CancellationToken.None).ConfigureAwait(false);
            }

            try
            {
                return await RemoteLink.ConnectAsync(directory, null, either.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or WriterGoneException or ArgumentException)
            {
                reason = e;
            }
            catch (OperationCanceledException)
            {
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (timeout.IsCancellationRequested)
            {
                throw Unanswered(directory, options, reason);
            }

            await Task.Delay(RetryInterval, options.Clock, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static DirectoryLock? TakeLock(string directory)
    {
        try
        {
            return DirectoryLock.TryTake(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(directory, e);
        }
    }

    static void CreateDirectory(string directory, IFileSystem files)
    {
        try
        {
            if (Directory.Exists(directory))
            {
                return;
            }

            // Made on the machine itself: the catalogue, the lock and the socket are there whatever holds the segments.
            if (Path.GetDirectoryName(directory) is { } parent)
            {
                Directory.CreateDirectory(parent);
            }

            LocalFileSystem.Instance.CreateDirectory(directory);
            files.CreateDirectory(directory);
            if (Path.GetDirectoryName(directory) is { } above)
            {
                LocalFileSystem.Instance.SyncDirectory(above);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(directory, e);
        }
    }

    static LogStoreException NotWritable(string directory, Exception reason) =>
        new($"cannot write into the data directory {directory}: {reason.Message}; name another one with --data DIR", reason);

    static LogStoreException Unanswered(string directory, EmbeddedStoreOptions options, Exception? reason)
    {
        var owner = DirectoryLock.Owner(directory) is { } id ? string.Create(CultureInfo.InvariantCulture, $" (pid {id})") : "";
        var seconds = options.AnswerTimeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        return new LogStoreException(
            $"another process{owner} holds {directory} and does not answer within {seconds} s; stop it, or name another directory with --data DIR",
            reason);
    }
}
