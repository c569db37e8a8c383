using System.Runtime.InteropServices;

namespace Puppylog.App.Cli;

/// <summary>
/// SIGINT and SIGTERM, taken from before a command starts: one that works before it first waits would be killed by them
/// without an end of its own.
/// </summary>
/// <remarks>A signal cancels; the next one, or a minute without an end, ends the process with 128 and the signal's number.</remarks>
sealed class Termination : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Within which a second signal is the same wish: a shell and a supervisor may both send one.</summary>
    static readonly TimeSpan OneWish = TimeSpan.FromSeconds(1);

    readonly CancellationTokenSource _source = new();
    readonly PosixSignalRegistration[] _registrations;
    readonly TimeProvider _clock;
    readonly Action<int> _exit;
    readonly Lock _lock = new();
    ITimer? _timer;
    long _first;
    bool _isOver;

    /// <param name="clock">Tells how long an end takes.</param>
    /// <param name="exit">Ends the process with an exit code.</param>
    public Termination(TimeProvider clock, Action<int> exit)
    {
        (_clock, _exit) = (clock, exit);
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Take(context, 130)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Take(context, 143)),
        ];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        Array.ForEach(_registrations, registration => registration.Dispose());
        lock (_lock)
        {
            _isOver = true;
            _timer?.Dispose();
        }

        _source.Dispose();
    }

    void Take(PosixSignalContext context, int code)
    {
        context.Cancel = true;
        Take(code);
    }

    /// <param name="code">What the process ends with where it does not end by itself.</param>
    public void Take(int code)
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            if (_timer is null)
            {
                _first = _clock.GetTimestamp();
                _timer = _clock.CreateTimer(_ => _exit(code), null, Patience, Timeout.InfiniteTimeSpan);
            }
            else
            {
                if (_clock.GetElapsedTime(_first) >= OneWish)
                {
                    _exit(code);
                }

                return;
            }
        }

        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The command has ended meanwhile.
        }
    }
}
