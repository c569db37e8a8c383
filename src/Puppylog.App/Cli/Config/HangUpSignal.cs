using System.Runtime.InteropServices;

namespace Puppylog.App.Cli.Config;

/// <summary>SIGHUP, which would end the process otherwise: taken from the start on, told as soon as somebody listens.</summary>
sealed class HangUpSignal : IDisposable
{
    readonly PosixSignalRegistration _registration;
    readonly Lock _lock = new();
    Action? _listener;
    bool _came;

    public HangUpSignal() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
    {
        context.Cancel = true;
        Tell();
    });

    /// <summary>Calls <paramref name="listener"/> at each signal from now on, and at once where one came already.</summary>
    public void Listen(Action listener)
    {
        lock (_lock)
        {
            _listener = listener;
            if (!_came)
            {
                return;
            }
        }

        listener();
    }

    public void Dispose() => _registration.Dispose();

    void Tell()
    {
        Action? listener;
        lock (_lock)
        {
            _came = true;
            listener = _listener;
        }

        listener?.Invoke();
    }
}
