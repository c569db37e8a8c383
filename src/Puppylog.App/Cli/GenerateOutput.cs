using Microsoft.Win32.SafeHandles;

namespace Puppylog.App.Cli;

/// <summary>Where <c>generate</c> writes: a file, a FIFO or standard output, unbuffered.</summary>
static class GenerateOutput
{
    const int StandardOutput = 1;

    /// <summary>errno of a pipe that nobody reads any more, on Linux and macOS.</summary>
    const int BrokenPipe = 32;

    static readonly TimeSpan WaitBeforeSayingSo = TimeSpan.FromSeconds(0.5);

    /// <exception cref="UsageException">The file cannot be opened.</exception>
    /// <exception cref="OperationCanceledException">Stopped while a FIFO had no reader.</exception>
    public static async Task<Stream> OpenAsync(string? path, bool append, CancellationToken cancellation)
    {
        if (path is null or "-")
        {
            // The console's stream keeps silent about a broken pipe, and the program would go on for ever; a file's
            // leaves the place where others write next behind.
            var stream = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            return stream.CanSeek ? Console.OpenStandardOutput() : stream;
        }

        if (Directory.Exists(path))
        {
            throw new UsageException($"{path} is a directory; name a file in it, like {Path.Combine(path, "access.log")}");
        }

        try
        {
            // Opening a FIFO waits for its reader, and that cannot be cancelled: it is left behind where need be.
            var opening = Task.Run(() => Open(path, append), CancellationToken.None);
            if (await Task.WhenAny(opening, Task.Delay(WaitBeforeSayingSo, TimeProvider.System, cancellation)) != opening)
            {
                cancellation.ThrowIfCancellationRequested();
                await Console.Error.WriteLineAsync($"puppylog: waiting for a reader of {path}");
            }

            return await opening.WaitAsync(cancellation);
        }
        catch (DirectoryNotFoundException)
        {
            throw new UsageException($"cannot write to {path}: there is no directory {Path.GetDirectoryName(Path.GetFullPath(path))}; create it first");
        }
        catch (UnauthorizedAccessException)
        {
            throw new UsageException($"cannot write to {path}: permission denied; name another file or change the permissions");
        }
        catch (Exception wrong) when (wrong is IOException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"cannot write to {path}: {wrong.Message}");
        }
    }

    public static bool IsReaderGone(IOException wrong) => wrong.HResult == BrokenPipe;

    static FileStream Open(string path, bool append) => new(path, new FileStreamOptions
    {
        Mode = append ? FileMode.Append : FileMode.Create,
        Access = FileAccess.Write,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
    });
}
