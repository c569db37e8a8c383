using System.Runtime.InteropServices;

namespace Puppylog.App.Tui.Terminal;

/// <summary>Signals that concern a program that has the terminal. SIGINT and SIGTERM are the command's own.</summary>
sealed partial class TerminalSignals : IDisposable
{
    /// <summary>SIGSTOP of Linux.</summary>
    const int Stop = 19;

    readonly List<PosixSignalRegistration> _registrations = [];

    /// <param name="quit">Ends the program: its terminal is gone, or somebody wants that.</param>
    /// <param name="leave">Gives the terminal back before the program is stopped (Ctrl-Z).</param>
    /// <param name="enter">Takes it again.</param>
    public TerminalSignals(Action quit, Action leave, Action enter)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (var signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                quit();
            }));
        }

        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTSTP, context =>
        {
            context.Cancel = true;
            leave();
            _ = Send(Environment.ProcessId, Stop);
        }));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => enter()));
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
