using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Puppylog.Sources.Native;

namespace Puppylog.Sources.Streams;

/// <summary>The reading end of a pipe, or of a named one; nothing blocks.</summary>
sealed unsafe class PipeEnd : IDisposable
{
    const string LargestSizePath = "/proc/sys/fs/pipe-max-size";
    const int SmallestRaise = 64 << 10;

    readonly SafeFileHandle _handle;

    PipeEnd(SafeFileHandle handle) => _handle = handle;

    public SafeFileHandle Handle => _handle;

    /// <summary>A path to this very pipe, whatever has its name.</summary>
    public string Path => DescriptorPath(_handle);

    /// <summary>Bytes that wait in the pipe.</summary>
    public int Waiting => CountWaiting(_handle);

    /// <summary>True for a pipe without a name: once all its writers have gone, no other can come.</summary>
    public bool IsNameless => File.ResolveLinkTarget(Path, returnFinalTarget: false)?.Name.StartsWith("pipe:", StringComparison.Ordinal) ?? false;

    /// <summary>Opens a named pipe, with or without a writer.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static PipeEnd Open(string path) => new(OpenHandle(path, LibC.ReadOnly));

    /// <summary>Takes over the reading end of a pipe that was made for a child.</summary>
    public static PipeEnd Take(SafeFileHandle handle)
    {
        _ = LibC.Control(handle, LibC.SetFlags, LibC.Control(handle, LibC.GetFlags, 0) | LibC.NonBlocking);
        return new(handle);
    }

    /// <summary>Gives the pipe as much room as a user may have.</summary>
    public void Enlarge()
    {
        if (!TryReadLargest(out var size))
        {
            return;
        }

        var present = LibC.Control(_handle, LibC.GetPipeSize, 0);
        // All pipes of a user share a bound, past which a smaller size may still be granted.
        while (size > present && size > SmallestRaise && LibC.Control(_handle, LibC.SetPipeSize, size) < 0)
        {
            size /= 2;
        }
    }

    /// <summary>Bytes read; 0 where all writers have gone; -1 where there is nothing at the moment.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public int Read(Span<byte> target)
    {
        while (true)
        {
            nint count;
            fixed (byte* bytes = target)
            {
                count = LibC.Read(_handle, bytes, target.Length);
            }

            if (count > 0)
            {
                return (int)count;
            }

            if (count < 0)
            {
                switch (Marshal.GetLastPInvokeError())
                {
                    case LibC.TryAgain:
                        return -1;
                    case LibC.Interrupted:
                        continue;
                    default:
                        throw new IOException(Marshal.GetLastPInvokeErrorMessage());
                }
            }

            // Nothing there, and no writer: none has come yet, or all have gone.
            var state = Poll(_handle);
            if ((state & LibC.PollIn) == 0)
            {
                return (state & LibC.PollHangUp) != 0 ? 0 : -1;
            }
        }
    }

    /// <summary>
    /// Closes this end, where that loses nothing: what came in before a writer saw the end closed is given back to be read,
    /// as another end on the same pipe.
    /// </summary>
    /// <remarks>While a writing end of our own keeps the pipe alive, no writer can add to it once the last reader has gone.</remarks>
    /// <returns>The end on which there is something left; null where nothing is, or somebody else keeps it.</returns>
    public PipeEnd? CloseOrReopen()
    {
        SafeFileHandle keeper;
        try
        {
            keeper = OpenHandle(Path, LibC.WriteOnly);
        }
        catch (IOException)
        {
            // We may not write to it: what comes in just now is lost unless its writer stays.
            Dispose();
            return null;
        }

        using (keeper)
        {
            Dispose();
            var hasReader = (Poll(keeper) & LibC.PollError) == 0;
            return hasReader || CountWaiting(keeper) == 0 ? null : Open(DescriptorPath(keeper));
        }
    }

    public void Dispose() => _handle.Dispose();

    static string DescriptorPath(SafeFileHandle handle) => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{handle.DangerousGetHandle()}");

    static SafeFileHandle OpenHandle(string path, int mode)
    {
        var handle = new SafeFileHandle(LibC.Open(path, mode | LibC.NonBlocking | LibC.CloseOnExec), ownsHandle: true);
        return handle.IsInvalid ? throw new IOException(Marshal.GetLastPInvokeErrorMessage()) : handle;
    }

    static int CountWaiting(SafeFileHandle handle) => LibC.Ask(handle, LibC.BytesToRead, out var waiting) == 0 ? waiting : 0;

    static short Poll(SafeFileHandle handle)
    {
        var descriptor = new PollDescriptor { Descriptor = (int)handle.DangerousGetHandle(), Events = LibC.PollIn };
        return LibC.Poll(&descriptor, 1, 0) > 0 ? descriptor.Returned : (short)0;
    }

    static bool TryReadLargest(out int size)
    {
        size = 0;
        try
        {
            return int.TryParse(File.ReadAllText(LargestSizePath).AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out size);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
