using System.Runtime.CompilerServices;

namespace Puppylog.Parsing.Access;

/// <summary>Steps through the unquoted parts of a line.</summary>
static class Cursor
{
    /// <summary>Takes a dash at <paramref name="at"/> where nothing was taken before.</summary>
    public static bool IsDash(ReadOnlySpan<byte> text, ref int end, int at)
    {
        if (end != at || at == text.Length || text[at] != '-')
        {
            return false;
        }

        end = at + 1;
        return true;
    }

    /// <summary>Takes the spaces at <paramref name="at"/>; false where there is none. More than one is not as templates have it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SkipSpaces(ReadOnlySpan<byte> text, ref int at, ref bool isExact)
    {
        if ((uint)at >= (uint)text.Length || text[at] != ' ')
        {
            return false;
        }

        at++;
        while ((uint)at < (uint)text.Length && text[at] == ' ')
        {
            at++;
            isExact = false;
        }

        return true;
    }

    /// <summary>Takes the spaces before the next field; true also at the end.</summary>
    public static bool SkipToNext(ReadOnlySpan<byte> text, ref int at, ref bool isExact) => at == text.Length || SkipSpaces(text, ref at, ref isExact);

    public static int SkipDigits(ReadOnlySpan<byte> text, int at)
    {
        while ((uint)at < (uint)text.Length && (uint)(text[at] - '0') <= 9)
        {
            at++;
        }

        return at;
    }

    /// <summary>Takes <c>12</c>, <c>0.123</c> or a dash that a space or the end follows; -1 where there is none.</summary>
    public static int SkipDuration(ReadOnlySpan<byte> text, int at)
    {
        var end = SkipDigits(text, at);
        if (end == at)
        {
            if (!IsDash(text, ref end, at))
            {
                return -1;
            }
        }
        else if (end < text.Length && text[end] == '.')
        {
            var fraction = end + 1;
            end = SkipDigits(text, fraction);
            if (end == fraction)
            {
                return -1;
            }
        }

        return end == text.Length || text[end] == ' ' ? end : -1;
    }
}
