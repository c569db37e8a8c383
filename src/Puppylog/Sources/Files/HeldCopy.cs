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
    long _since;

    HeldCopy(string original, FileIdentity identity, long now)
    {
        _original = original;
        Identity = identity;
        _since = now;
    }

    public FileIdentity Identity { get; }

    /// <summary>Null where nobody follows a path that the file is named after.</summary>
    public static HeldCopy? TryBegin(string path, FileStatus status, SourceContext context, LogSource source) =>
        RotatedName.Originals(path).FirstOrDefault(original => context.Positions.IsFollowed(original, source)) is { } original
            ? new(original, status.Identity, context.Clock.GetTimestamp())
            : null;

    public bool IsHeld(string path, FileStatus status, SourceContext context)
    {
        if (FileStatus.TryRead(_original, out var original) && original.Identity != status.Identity
            && RotatedFiles.IsCopy(new(path, status, null), new(_original, original, null)))
        {
            _since = context.Clock.GetTimestamp();
            return true;
        }

        return context.Clock.GetElapsedTime(_since) < Grace;
    }
}
