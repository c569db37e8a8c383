using Microsoft.Win32.SafeHandles;

namespace Puppylog.App.Cli;

/// <summary>
/// Standard output as a stream of bytes. A pipe whose reader is gone throws an <see cref="IOException"/>, which ends what
/// would otherwise go on for nobody; the framework's own stream swallows it.
/// </summary>
static class StandardOutput
{
    public static Stream Open()
    {
        if (!OperatingSystem.IsWindows() && Console.IsOutputRedirected)
        {
            var direct = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            // A file keeps the framework's stream: it shares the place in the file with standard error.
            if (!direct.CanSeek)
            {
                return direct;
            }
        }

        return Console.OpenStandardOutput();
    }
}
