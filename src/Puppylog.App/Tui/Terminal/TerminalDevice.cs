using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Puppylog.App.Tui.Terminal;

/// <summary>
/// The terminal beside its text: its size, its keys, and the mode in which keys come at once and are not echoed. Keys come
/// from the terminal also where standard input is something else.
/// </summary>
/// <remarks>
/// Linux' <c>struct termios</c>: four flags of 4 bytes (input, output, control, local), the line discipline, then the
/// characters. Where the calls fail, there are no keys, and all else goes on.
/// </remarks>
sealed partial class TerminalDevice : IDisposable
{
    const int TermiosSize = 128;
    const int LocalFlags = 12;
    const int InputFlags = 0;
    const int Characters = 17;
    const int ReadTime = Characters + 5;
    const int ReadLeast = Characters + 6;
    const uint CarriageReturnToNewline = 0x100;
    const uint FlowControl = 0x400;
    const uint Canonical = 0x2;
    const uint Echo = 0x8;
    const int Now = 0;
    const int WindowSizeRequest = 0x5413;
    const int Output = 1;
    const int ReadWrite = 2;
    const int CloseOnExec = 0x80000;
    const int NoControlling = 0x100;
    const int ReadyToRead = 1;
    const int Interrupted = 4;
    const int TryAgain = 11;

    readonly Lock _lock = new();
    readonly int _keys;
    readonly byte[]? _before;
    bool _isRaw;

    TerminalDevice(int keys, byte[]? before) => (_keys, _before) = (keys, before);

    /// <summary>False where no keys can come.</summary>
    public bool HasKeys => _before is not null;

    public static TerminalDevice Open()
    {
        var keys = OpenFile("/dev/tty", ReadWrite | CloseOnExec | NoControlling);
        var state = new byte[TermiosSize];
        return new(keys, keys >= 0 && GetState(keys, state) == 0 ? state : null);
    }

    /// <summary>Keys come at once and are not seen. Ctrl-C and Ctrl-Z stay signals.</summary>
    public void EnterRaw()
    {
        if (_before is null)
        {
            return;
        }

        lock (_lock)
        {
            var raw = (byte[])_before.Clone();
            Clear(raw, LocalFlags, Canonical | Echo);
            Clear(raw, InputFlags, FlowControl | CarriageReturnToNewline);
            (raw[ReadLeast], raw[ReadTime]) = (1, 0);
            _isRaw = SetState(_keys, Now, raw) == 0;
        }
    }

    /// <summary>True where the terminal's keys are this program's: it was not put into the background.</summary>
    public bool IsForeground => _keys < 0 || ForegroundGroup(_keys) == Group();

    /// <summary>Takes the mode again where a shell that brought the program back into the foreground has set its own.</summary>
    public void KeepRaw()
    {
        var state = new byte[TermiosSize];
        if (_isRaw && GetState(_keys, state) == 0 && (BitConverter.ToUInt32(state, LocalFlags) & Canonical) != 0)
        {
            EnterRaw();
        }
    }

    /// <summary>The terminal's mode as it was. May be called more than once, from any thread.</summary>
    public void LeaveRaw()
    {
        lock (_lock)
        {
            if (_isRaw)
            {
                _isRaw = false;
                _ = SetState(_keys, Now, _before!);
            }
        }
    }

    /// <summary>Waits for bytes of keys; 0 where none came in time, negative where none will come any more.</summary>
    public int Read(Span<byte> target, int milliseconds)
    {
        var wait = new PollEntry { Descriptor = _keys, Events = ReadyToRead };
        if (Poll(ref wait, 1, milliseconds) <= 0)
        {
            return 0;
        }

        var count = (int)ReadFile(_keys, ref MemoryMarshal.GetReference(target), target.Length);
        return count > 0 ? count : count < 0 && Marshal.GetLastPInvokeError() is Interrupted or TryAgain ? 0 : -1;
    }

    /// <summary>80×24 where the terminal does not say.</summary>
    public static (int Width, int Height) Size()
    {
        var size = default(WindowSize);
        return Control(Output, WindowSizeRequest, ref size) == 0 && size is { Columns: > 0, Lines: > 0 }
            ? (Math.Min((int)size.Columns, 500), Math.Min((int)size.Lines, 200))
            : (80, 24);
    }

    public void Dispose()
    {
        LeaveRaw();
        if (_keys >= 0)
        {
            new SafeFileHandle(_keys, ownsHandle: true).Dispose();
        }
    }

    static void Clear(byte[] state, int offset, uint flags) =>
        BitConverter.TryWriteBytes(state.AsSpan(offset), BitConverter.ToUInt32(state, offset) & ~flags);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadFile(int descriptor, ref byte target, nint length);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollEntry entries, nint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetState(int descriptor, byte[] state);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetState(int descriptor, int when, byte[] state);

    [LibraryImport("libc", EntryPoint = "tcgetpgrp")]
    private static partial int ForegroundGroup(int descriptor);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    private static partial int Group();

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int descriptor, nint request, ref WindowSize size);

    struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }

    struct WindowSize
    {
        public ushort Lines;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }
}
