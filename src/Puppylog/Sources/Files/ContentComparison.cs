using Puppylog.Records;

namespace Puppylog.Sources.Files;

/// <summary>Tells by a few bytes whether files, compressed or not, hold the same content. What cannot be read holds nothing.</summary>
static class ContentComparison
{
    /// <summary>True where all that one file holds is the beginning of what the other does: a copy, made before the other grew.</summary>
    public static bool IsBeginningOf(RotatedFile part, RotatedFile whole) => IsBeginningOf(part, () => ContentProbe.Open(whole.Path), whole.Length, whole.IsCompressed);

    /// <summary>The same of a file that is open, and may have no name any more.</summary>
    /// <param name="size">Bytes that the open file holds.</param>
    public static bool IsBeginningOf(RotatedFile part, Func<ContentProbe> openWhole, long? size, bool isWholeCompressed)
    {
        if (part.Length is not { } length || length == 0 || size is not { } most || !Fits(part, length, most, isWholeCompressed))
        {
            return false;
        }

        try
        {
            using var left = ContentProbe.Open(part.Path);
            using var right = openWhole();
            var piece = (int)Math.Min(length, Fingerprint.HeadLength);
            return AreSame(0) && AreSame(length - piece);

            bool AreSame(long offset)
            {
                Span<byte> mine = stackalloc byte[piece], other = stackalloc byte[piece];
                return left.TryRead(offset, mine) && right.TryRead(offset, other) && mine.SequenceEqual(other);
            }
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Of the positions whose content the file holds, the one that is farthest; null for none.</summary>
    public static SourcePosition? LastHeld(RotatedFile file, IEnumerable<SourcePosition> positions)
    {
        var ascending = positions.OrderBy(position => position.Offset).ToList();
        if (ascending.Count == 0)
        {
            return null;
        }

        try
        {
            using var probe = ContentProbe.Open(file.Path);
            SourcePosition? last = null;
            foreach (var position in ascending)
            {
                last = probe.Holds(position, file.Status.Born) ? position : last;
            }

            return last;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>True where a file still holds what its own position is of. What is compressed does not change: its beginning tells.</summary>
    public static bool IsHome(RotatedFile file, SourcePosition position)
    {
        if (!Fingerprint.WasBorn(position, file.Status.Born) || (!file.IsCompressed && file.Status.Size < position.Offset))
        {
            return false;
        }

        var asked = file.IsCompressed ? position with { Offset = Fingerprint.HeadLengthOf(position), Fingerprint = Fingerprint.WithoutTail(position) } : position;
        return LastHeld(file, [asked]) is not null;
    }

    /// <remarks>Beyond 4 GiB what is compressed does not tell its length, but the rest of it.</remarks>
    static bool Fits(RotatedFile part, long length, long most, bool isWholeCompressed) =>
        part.IsCompressed && !isWholeCompressed && most > uint.MaxValue ? length == (uint)most : length <= most;
}
