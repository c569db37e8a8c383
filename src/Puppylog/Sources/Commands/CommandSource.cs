using System.Globalization;
using Puppylog.Sources.Streams;

namespace Puppylog.Sources.Commands;

/// <summary>
/// The output of a command. While it is watched, a command that ends is started again, after a pause that doubles with each
/// end. What it says on stderr is passed on, within bounds.
/// </summary>
sealed class CommandSource(string name, string command, SourceContext context) : LogSource(name)
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    /// <summary>A command that ran so long is started again as if for the first time.</summary>
    public static readonly TimeSpan GoodRun = TimeSpan.FromSeconds(60);

    /// <summary>How long a command has to end when it is asked to.</summary>
    static readonly TimeSpan EndingTime = TimeSpan.FromSeconds(2);

    readonly LineFramer _framer = new(context.MaxLine);
    readonly SourceContent _content = new(null, name, 0, new ContentHead(0));
    readonly CommandErrors _errors = new(name, context);
    Readiness? _readiness;
    ChildProcess? _child;
    // Its output has ended; it itself may not have.
    bool _isSilent;
    long _startedAt;
    // Since when the next start waits, and for how long.
    long? _endedAt;
    TimeSpan _pause = FirstPause;
    long? _stoppedAt;
    string? _said;
    long _taken;

    /// <summary>False while the next start is waited for.</summary>
    public bool IsRunning => _child is not null;

    public override bool IsReplayable => false;

    public override bool IsUndecided => _isSilent;

    protected override void LookNow()
    {
        if (IsEnded)
        {
            return;
        }

        if (_child is null)
        {
            if (_endedAt is null || context.Clock.GetElapsedTime(_endedAt.Value) >= _pause)
            {
                Start();
            }

            return;
        }

        _errors.Read(_child.Errors);
        if (_stoppedAt is { } stopped && context.Clock.GetElapsedTime(stopped) >= EndingTime)
        {
            _child.Kill();
            _stoppedAt = long.MaxValue;
        }
    }

    public override bool TryRead(out LineRun run)
    {
        run = default;
        while (_child is not null)
        {
            if (_framer.TryTake(out var lines))
            {
                run = Place(lines);
                return true;
            }

            var count = _isSilent ? 0 : _child.Output.Read(_framer.Space());
            if (count > 0)
            {
                _framer.Advance(count);
                continue;
            }

            if (count < 0 && _stoppedAt != long.MaxValue)
            {
                _framer.Trim();
                _readiness!.Arm(_child.Output.Handle);
                return false;
            }

            // Silent, or killed: a process that has left the group may keep the pipe for ever.
            _isSilent = true;
            if (_framer.TryTakeRest(out lines))
            {
                run = Place(lines);
                return true;
            }

            if (!_child.HasEnded(out var end))
            {
                return false;
            }

            Finish(end);
        }

        return false;
    }

    public override void Stop()
    {
        _stoppedAt = context.Clock.GetTimestamp();
        if (_child is null)
        {
            IsEnded = true;
        }
        else
        {
            _child.End();
        }
    }

    public override void Dispose()
    {
        Close();
        _readiness?.Dispose();
        _readiness = null;
        _framer.Dispose();
    }

    void Start()
    {
        try
        {
            _readiness ??= new(context.Wake);
            _child = ChildProcess.Start(command);
            _child.Output.Enlarge();
            _readiness.Add(_child.Output.Handle);
            _readiness.Add(_child.Errors.Handle);
            _errors.Begin(_readiness, _child.Errors);
            _startedAt = context.Clock.GetTimestamp();
            _isSilent = false;
            Hinder(null, context.Notice);
        }
        catch (IOException wrong)
        {
            TellEnd($"cannot be started: {wrong.Message}", isGood: false);
        }
    }

    void Finish(ProcessEnd end)
    {
        _errors.Read(_child!.Errors);
        _errors.End();
        Close();
        if (_stoppedAt is not null)
        {
            IsEnded = true;
            return;
        }

        if (context.Clock.GetElapsedTime(_startedAt) >= GoodRun)
        {
            _pause = FirstPause;
            _said = null;
        }

        TellEnd(end.ToString(), end.IsGood);
    }

    void TellEnd(string how, bool isGood)
    {
        if (!context.Watch)
        {
            IsEnded = true;
            if (!isGood)
            {
                Fail($"{Name} {how}");
            }

            return;
        }

        if (_endedAt is not null)
        {
            _pause = _said is null ? FirstPause : _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        }

        if (how != _said)
        {
            _said = how;
            context.Notice(string.Create(CultureInfo.InvariantCulture, $"{Name} {how}; it is started again in {_pause.TotalSeconds} s, and later each time it ends"));
        }

        Hinder(isGood ? null : $"{Name} {how}", _ => { });
        _endedAt = context.Clock.GetTimestamp();
    }

    void Close()
    {
        if (_child is not null)
        {
            _readiness!.Remove(_child.Output.Handle);
            _readiness.Remove(_child.Errors.Handle);
            _child.Dispose();
            _child = null;
            _isSilent = false;
        }
    }

    LineRun Place(FramedLines lines)
    {
        var run = new LineRun(lines, _content, _taken);
        _taken += lines.Covered;
        return run;
    }
}
