using System.Runtime.InteropServices;
using Puppylog.Alerts;
using Puppylog.App.Tui.Drawing;
using Puppylog.App.Tui.Tail;
using Puppylog.App.Tui.Terminal;
using Puppylog.App.Watch;
using Puppylog.App.Watch.Boards;
using Puppylog.Metrics;
using Puppylog.Query.Syntax;
using Puppylog.Records;
using Puppylog.Storage;

namespace Puppylog.App.Tui;

/// <summary>
/// Redraws what is watched in place until it is told to stop, and does what keys say. Afterwards the terminal is as it was,
/// and the alert messages are printed on it, a line each.
/// </summary>
sealed class Dashboard : IWatchDisplay
{
    /// <summary>10 frames a second; also how soon a resized terminal is noticed.</summary>
    const int FrameMilliseconds = 100;

    /// <summary>After which an escape character is the key and no sequence.</summary>
    const int EscapeMilliseconds = 30;

    readonly DashboardModel _model;
    readonly DashboardKeys _keys;
    readonly TerminalScreen _screen;
    readonly Stream _terminal;
    readonly IBoards _boards;
    readonly TimeProvider _clock;
    volatile bool _isBack;

    /// <param name="model">What it shows.</param>
    /// <param name="boards">What is read beside the records.</param>
    /// <param name="terminal">Its output.</param>
    /// <param name="look">How it looks.</param>
    public Dashboard(DashboardModel model, IBoards boards, Stream terminal, DashboardLook look, TimeProvider clock)
    {
        (_model, _boards, _terminal, _clock) = (model, boards, terminal, clock);
        _screen = new(terminal, look.Colours, look.Mouse);
        _keys = new(model, Parse);
    }

    WatchState State => _model.Watch;

    public void Alert(AlertTransition transition)
    {
    }

    public void Interval(TrafficSummary summary)
    {
    }

    public void Silence(long start, long end, long intervals)
    {
    }

    public void Unplaced(long invalid, long late) => Notice(TrafficText.Remarks(invalid, late)[2..]);

    public void Notice(string sentence)
    {
        lock (State.Sync)
        {
            State.Notice = sentence;
        }
    }

    /// <summary>Draws until cancelled; <paramref name="quit"/> is called when the user asks to stop.</summary>
    public async Task RunAsync(Action quit, CancellationToken cancellationToken)
    {
        using var device = TerminalDevice.Open();
        void Restore()
        {
            try
            {
                _screen.Restore();
            }
            catch (IOException)
            {
                // The terminal is gone.
            }

            device.LeaveRaw();
        }

        EventHandler restore = (_, _) => Restore();
        UnhandledExceptionEventHandler restoreFirst = (_, _) => Restore();
        AppDomain.CurrentDomain.ProcessExit += restore;
        AppDomain.CurrentDomain.UnhandledException += restoreFirst;
        using var signals = new TerminalSignals(quit, Restore, () => _isBack = true);
        try
        {
            device.EnterRaw();
            await Task.WhenAll(
                Task.Factory.StartNew(() => Loop(device, quit, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default),
                PollAsync(quit, cancellationToken));
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= restore;
            AppDomain.CurrentDomain.UnhandledException -= restoreFirst;
            Restore();
            PrintAlerts();
        }
    }

    /// <summary>Nothing more comes. True where the picture stays for somebody who can leave it by a key.</summary>
    public bool End(string sentence)
    {
        lock (State.Sync)
        {
            _model.Ended = sentence;
        }

        using var device = TerminalDevice.Open();
        return device.HasKeys;
    }

    void Loop(TerminalDevice device, Action quit, CancellationToken cancellationToken)
    {
        var decoder = new KeyDecoder();
        var bytes = new byte[4096];
        var keys = new List<Key>();
        try
        {
            var drawn = _clock.GetTimestamp();
            Draw();
            while (!cancellationToken.IsCancellationRequested)
            {
                var left = Math.Max(0, FrameMilliseconds - (int)_clock.GetElapsedTime(drawn).TotalMilliseconds);
                if (!TryReadKeys(device, decoder, bytes, keys, left, cancellationToken) || !Handle(keys))
                {
                    quit();
                    return;
                }

                TakeBack(device);
                if (keys.Count > 0 || _clock.GetElapsedTime(drawn).TotalMilliseconds >= FrameMilliseconds)
                {
                    drawn = _clock.GetTimestamp();
                    Draw();
                }

                keys.Clear();
            }
        }
        catch (IOException)
        {
            // The terminal is gone.
            quit();
        }
        catch
        {
            // Nothing would be seen of what goes on.
            quit();
            throw;
        }
    }

    /// <summary>After Ctrl-Z: takes the terminal again as soon as this is the program in the foreground.</summary>
    void TakeBack(TerminalDevice device)
    {
        if (!device.IsForeground)
        {
            return;
        }

        if (_isBack)
        {
            _isBack = false;
            device.EnterRaw();
            _screen.Return();
        }

        device.KeepRaw();
    }

    /// <summary>False where the terminal is gone.</summary>
    static bool TryReadKeys(TerminalDevice device, KeyDecoder decoder, byte[] bytes, List<Key> keys, int milliseconds, CancellationToken cancellationToken)
    {
        if (!device.HasKeys || !device.IsForeground)
        {
            cancellationToken.WaitHandle.WaitOne(milliseconds);
            return true;
        }

        var count = device.Read(bytes, decoder.IsHeld ? Math.Min(milliseconds, EscapeMilliseconds) : milliseconds);
        if (count > 0)
        {
            decoder.Add(bytes.AsSpan(0, count), keys);
        }
        else if (count == 0 && decoder.IsHeld)
        {
            decoder.Flush(keys);
        }

        return count >= 0;
    }

    /// <summary>False where one of the keys is to leave.</summary>
    bool Handle(List<Key> keys)
    {
        lock (State.Sync)
        {
            foreach (var key in keys)
            {
                if (key is { Kind: KeyKind.Control, Text: "l" })
                {
                    _screen.Forget();
                }
                else if (!_keys.Handle(key))
                {
                    return false;
                }
            }
        }

        return true;
    }

    void Draw()
    {
        var (width, height) = TerminalDevice.Size();
        Canvas canvas;
        lock (State.Sync)
        {
            (_model.Width, _model.Height) = (width, height);
            canvas = Screen.Draw(_model);
        }

        _screen.Draw(canvas);
    }

    async Task PollAsync(Action quit, CancellationToken cancellationToken)
    {
        try
        {
            await new BoardPoller(_model, _boards, _clock).RunAsync(cancellationToken);
        }
        catch
        {
            quit();
            throw;
        }
    }

    TailFilter Parse(string text)
    {
        try
        {
            return TailFilter.Parse(text, Timestamps.Now(_clock), _boards.FindGroup);
        }
        catch (LogStoreException fault)
        {
            throw new LogsqlException(text, 0, fault.Message);
        }
    }

    void PrintAlerts()
    {
        try
        {
            using var text = new StreamWriter(_terminal, leaveOpen: true) { NewLine = "\n" };
            foreach (var transition in State.History)
            {
                text.WriteLine(transition.Message);
            }
        }
        catch (IOException)
        {
            // Nobody is left to read it.
        }
    }
}
