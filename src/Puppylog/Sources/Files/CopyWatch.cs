using Puppylog.Diagnostics;

namespace Puppylog.Sources.Files;

/// <summary>
/// A new file that has a name as rotation gives it, while another source follows the path that it is named after. It may be a
/// copy that is being made before the original is cut; then it is left to the reader of the original, who knows how far that
/// was read.
/// </summary>
sealed class CopyWatch(string path, SourceContext context, LogSource source)
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongInterval = TimeSpan.FromSeconds(1);

    FileIdentity? _file;
    // The look of the reader of the original that this file waits for.
    Dictionary<FileSource, long>? _awaited;
    long _since;
    long _judgedAt;
    bool _isHeld;

    /// <summary>False while the file is to be left alone; else where its reading begins if it has no position of its own.</summary>
    public bool TryJudge(FileStatus status, out CopyVerdict verdict)
    {
        verdict = default;
        if (context.Positions.FindOwn(status) is not null)
        {
            return true;
        }

        var now = context.Clock.GetTimestamp();
        if (_file != status.Identity)
        {
            (_file, _since, _isHeld) = (status.Identity, now, false);
            _awaited = null;
        }
        else if (_isHeld && context.Clock.GetElapsedTime(_judgedAt, now) < (context.Clock.GetElapsedTime(_since, now) < TimeSpan.FromSeconds(10) ? Interval : LongInterval))
        {
            return false;
        }

        _judgedAt = now;
        _isHeld = context.Watch;
        foreach (var original in RotatedName.Originals(path))
        {
            var follower = context.Watch && context.Positions.Follower(original) is { } other && other != source ? other : null;
            if (follower is not null && status.Born >= context.StartedAt && !HasLooked(follower))
            {
                return false;
            }

            verdict = RotatedFiles.Judge(original, new(path, status), context);
            if (context.Watch && (verdict.IsCopy || (verdict.Continues is { } position && context.Positions.IsRead(position.Source))))
            {
                return false;
            }

            if (verdict.Continues is not null)
            {
                break;
            }
        }

        _isHeld = false;
        return true;
    }

    /// <summary>The reader of the original has looked at it since this file was seen: what is known of it is true.</summary>
    bool HasLooked(FileSource follower)
    {
        _awaited ??= [];
        if (!_awaited.TryGetValue(follower, out var looks))
        {
            // What it is doing now may have begun before.
            _awaited.Add(follower, looks = follower.Looks + 2);
            follower.Wake();
        }

        return follower.Looks >= looks;
    }
}
