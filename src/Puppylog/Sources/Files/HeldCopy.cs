using Puppylog.Diagnostics;

namespace Puppylog.Sources.Files;

/// <summary>
/// A new file that has a name as rotation gives it, while another source follows the path that it is named after. It may be a
/// copy that is being made before the original is cut; then it is left to the reader of the original, who knows how far that
/// was read.
/// </summary>
sealed class HeldCopy
{
    /// <summary>How long the reader of the original has to take what is not, or no longer, a copy of it.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    readonly string _original;
    readonly FileIdentity _identity;
    long _since;

    HeldCopy(string original, FileIdentity identity, long now)
    {
        _original = original;
        _identity = identity;
        _since = now;
    }

    /// <param name="held">What is known of the path's file; changes where it is another one by now.</param>
    public static bool IsHeldBack(ref HeldCopy? held, string path, FileStatus status, SourceContext context, LogSource source)
    {
        if (!context.EndsWhenGone || !context.Watch || context.Positions.FindOwn(status) is not null)
        {
            return false;
        }

        if (held?._identity != status.Identity)
        {
            held = RotatedName.Originals(path).FirstOrDefault(original => context.Positions.Follower(original) is { } follower && follower != source) is { } original
                ? new(original, status.Identity, context.Clock.GetTimestamp())
                : null;
        }

        return held is not null && held.IsHeld(path, status, context);
    }

    bool IsHeld(string path, FileStatus status, SourceContext context)
    {
        if (context.Positions.Follower(_original) is { IsCatchingUp: true } || (FileStatus.TryRead(_original, out var original)
            && original.Identity != status.Identity && RotatedFiles.IsCopy(new(path, status, null), new(_original, original, null))))
        {
            _since = context.Clock.GetTimestamp();
            return true;
        }

        return context.Clock.GetElapsedTime(_since) < Grace;
    }
}
