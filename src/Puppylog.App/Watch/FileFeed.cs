using Microsoft.Win32.SafeHandles;
using Puppylog.App.Cli;
using Puppylog.Diagnostics;

namespace Puppylog.App.Watch;

/// <summary>
/// Reads a file: a replay from its beginning to its end; live from its end on, following appends, truncation and rotation.
/// A file that comes later is read from its beginning.
/// </summary>
sealed class FileFeed(string path, string format, bool replay, TimeProvider clock) : ITrafficFeed
{
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    /// <summary>Bytes before the end in which the beginning of an unfinished line is looked for.</summary>
    const int LookBack = 64 << 10;

    readonly byte[] _buffer = new byte[256 << 10];

    public async Task RunAsync(ITrafficSink sink, CancellationToken cancellationToken)
    {
        var intake = new LineIntake(format, sink, clock);
        var file = Open(mustExist: replay);
        try
        {
            var position = file is null || replay ? 0 : StartAtEnd(file, intake);
            var modified = long.MinValue;
            while (true)
            {
                if (file is not null)
                {
                    var before = position;
                    position = ReadToEnd(file, position, intake, cancellationToken);
                    modified = position == before ? modified : long.MinValue;
                    if (replay)
                    {
                        intake.End();
                        return;
                    }

                    intake.Deliver();
                }

                await Task.Delay(Poll, clock, cancellationToken);
                if (file is null || IsReplaced(file))
                {
                    if (Open(mustExist: false) is { } next)
                    {
                        if (file is not null)
                        {
                            // What was written between the last reading and the renaming.
                            ReadToEnd(file, position, intake, cancellationToken);
                            intake.End();
                            file.Dispose();
                        }

                        file = next;
                        position = 0;
                        modified = long.MinValue;
                    }
                }
                else if (IsRewritten(file, position, ref modified))
                {
                    intake.End();
                    position = 0;
                }
            }
        }
        finally
        {
            file?.Dispose();
        }
    }

    SafeFileHandle? Open(bool mustExist)
    {
        if (Directory.Exists(path))
        {
            throw new UsageException($"{path} is a directory: name a file with -s");
        }

        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception wrong) when (wrong is FileNotFoundException or DirectoryNotFoundException)
        {
            return mustExist ? throw new UsageException($"{path} does not exist") : null;
        }
        catch (UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be read: permission denied");
        }
    }

    /// <summary>The end, or the beginning of the line that is being written there.</summary>
    long StartAtEnd(SafeFileHandle file, LineIntake intake)
    {
        intake.LookAt(_buffer.AsSpan(0, RandomAccess.Read(file, _buffer, 0)));
        var end = RandomAccess.GetLength(file);
        var from = Math.Max(0, end - LookBack);
        var tail = _buffer.AsSpan(0, (int)Math.Min(LookBack, end));
        var read = RandomAccess.Read(file, tail, from);
        var newline = tail[..read].LastIndexOf((byte)'\n');
        return newline >= 0 ? from + newline + 1 : from == 0 ? 0 : end;
    }

    long ReadToEnd(SafeFileHandle file, long position, LineIntake intake, CancellationToken cancellationToken)
    {
        int read;
        while ((read = RandomAccess.Read(file, _buffer, position)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            intake.Add(_buffer.AsSpan(0, read));
            position += read;
        }

        return position;
    }

    bool IsReplaced(SafeFileHandle file) =>
        FileStatus.TryRead(path, out var named) && FileStatus.TryRead(OpenPath(file), out var open)
        && (named.Inode != open.Inode || named.Device != open.Device);

    /// <summary>True where the file became shorter, or was written without becoming longer than what was read.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="position">Bytes read.</param>
    /// <param name="modified">The file's time at the last look at which nothing was unread; the least value where there is none.</param>
    static bool IsRewritten(SafeFileHandle file, long position, ref long modified)
    {
        if (!FileStatus.TryRead(OpenPath(file), out var open))
        {
            return RandomAccess.GetLength(file) < position;
        }

        var known = modified;
        modified = open.Size == position ? open.Modified : long.MinValue;
        return open.Size < position || (open.Size == position && position > 0 && known != long.MinValue && known != open.Modified);
    }

    static string OpenPath(SafeFileHandle file) => $"/proc/self/fd/{file.DangerousGetHandle()}";
}
