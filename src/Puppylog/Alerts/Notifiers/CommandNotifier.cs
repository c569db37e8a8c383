using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Puppylog.Alerts.Notices;

namespace Puppylog.Alerts.Notifiers;

/// <summary>
/// Runs a program with the notices on its standard input, a line of JSON each. Exit code 0 means told. No shell takes part
/// unless the program is one, and nothing of a notice is in its arguments.
/// </summary>
sealed class CommandNotifier(string program, IReadOnlyList<string> arguments) : INotifier
{
    public async Task SendAsync(IReadOnlyList<Notice> notices, CancellationToken cancellation)
    {
        using var process = Start();
        try
        {
            await WriteAsync(process, notices, cancellation);
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode != 0)
        {
            throw new NotifierException($"{program} ended with {process.ExitCode.ToString(CultureInfo.InvariantCulture)}");
        }
    }

    Process Start()
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, UseShellExecute = false })
                ?? throw new NotifierException($"{program} did not start");
        }
        catch (Win32Exception error)
        {
            throw new NotifierException($"{program} cannot be run: {error.Message}", error);
        }
    }

    static async Task WriteAsync(Process process, IReadOnlyList<Notice> notices, CancellationToken cancellation)
    {
        try
        {
            foreach (var notice in notices)
            {
                await process.StandardInput.WriteAsync($"{NoticeJson.Write(notice)}\n".AsMemory(), cancellation);
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It does not read what it is told; its exit code says whether it minds.
        }
    }
}
