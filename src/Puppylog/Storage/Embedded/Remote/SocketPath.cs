using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Puppylog.Storage.Embedded.Files;

namespace Puppylog.Storage.Embedded.Remote;

/// <summary>
/// The socket's address. A path longer than <c>sun_path</c> (108 bytes with its NUL on Linux, 104 on macOS) is replaced by
/// one through an open handle of the directory, which must stay open until the socket is closed.
/// </summary>
sealed class SocketPath : IDisposable
{
    const int MaxBytes = 103;

    readonly SafeFileHandle? _directory;

    public SocketPath(string directory)
    {
        var path = DataLayout.SocketFile(directory);
        if (Encoding.UTF8.GetByteCount(path) > MaxBytes && OperatingSystem.IsLinux())
        {
            _directory = PosixCalls.OpenDirectory(directory);
            var descriptor = _directory.DangerousGetHandle().ToInt32();
            path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{descriptor}/{DataLayout.SocketName}");
        }

        Path = path;
    }

    public string Path { get; }

    /// <exception cref="ArgumentException">The path is too long for a socket.</exception>
    public UnixDomainSocketEndPoint EndPoint => new(Path);

    public void Dispose() => _directory?.Dispose();
}
