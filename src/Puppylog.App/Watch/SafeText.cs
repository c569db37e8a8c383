using System.Globalization;
using System.Text;

namespace Puppylog.App.Watch;

/// <summary>
/// Makes text from outside harmless for a terminal: nothing that moves the cursor, changes colours, reverses the direction
/// of writing or has no width of its own gets through.
/// </summary>
static class SafeText
{
    const char Replacement = '\uFFFD';

    /// <summary>The text with every unsafe character replaced, cut to a number of columns; a cut is shown by <c>…</c>.</summary>
    public static string Clean(string text, int columns)
    {
        var clean = new StringBuilder();
        var used = 0;
        var whole = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var safe = IsSafe(rune) ? rune : (Rune)Replacement;
            var width = Width(safe);
            if (used + width > columns)
            {
                clean.Length = whole;
                return columns > 0 ? clean.Append('…').ToString() : "";
            }

            clean.Append(safe);
            used += width;
            // How much may stay when one column is needed for the sign of the cut.
            whole = used < columns ? clean.Length : whole;
        }

        return clean.ToString();
    }

    /// <summary>Columns that cleaned text takes.</summary>
    public static int Width(string clean)
    {
        var width = 0;
        foreach (var rune in clean.EnumerateRunes())
        {
            width += Width(rune);
        }

        return width;
    }

    /// <summary>False where it is shown as U+FFFD.</summary>
    public static bool IsSafe(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark)
        // No certain width: Jamo that join into one syllable, fillers, and what Unicode's versions and terminals disagree on.
        // Of narrow characters beyond the basic plane terminals do not agree how wide they are.
        && (rune.IsBmp || Width(rune) == 2)
        && rune.Value is not ((>= 0x1160 and <= 0x11FF) or (>= 0xD7B0 and <= 0xD7FF) or 0x3164 or 0xFFA0
            or 0x31E4 or 0x31E5 or (>= 0x3248 and <= 0x324F) or (>= 0x4DC0 and <= 0x4DFF));

    /// <summary>Two columns for what East Asian Width (Unicode Annex 11) calls wide or full-width, and for emoji.</summary>
    public static int Width(Rune rune) => rune.Value switch
    {
        < 0x1100 => 1,
        <= 0x115F or 0x2329 or 0x232A => 2,
        >= 0x231A and <= 0x2BFF => IsWideSymbol(rune.Value) ? 2 : 1,
        >= 0x2E80 and <= 0xA4CF and not 0x303F => 2,
        >= 0xA960 and <= 0xA97F => 2,
        >= 0xAC00 and <= 0xD7A3 => 2,
        >= 0xF900 and <= 0xFAFF => 2,
        >= 0xFE10 and <= 0xFE19 or >= 0xFE30 and <= 0xFE6F => 2,
        >= 0xFF01 and <= 0xFF60 or >= 0xFFE0 and <= 0xFFE6 => 2,
        >= 0x16FE0 and <= 0x1B2FF => 2,
        >= 0x1F000 and <= 0x1FAFF => 2,
        >= 0x20000 and <= 0x3FFFD => 2,
        _ => 1,
    };

    static bool IsWideSymbol(int value) => value is 0x231A or 0x231B or (>= 0x23E9 and <= 0x23EC) or 0x23F0 or 0x23F3
        or 0x25FD or 0x25FE or 0x2614 or 0x2615 or (>= 0x2648 and <= 0x2653) or 0x267F or 0x2693 or 0x26A1 or 0x26AA or 0x26AB
        or 0x26BD or 0x26BE or 0x26C4 or 0x26C5 or 0x26CE or 0x26D4 or 0x26EA or 0x26F2 or 0x26F3 or 0x26F5 or 0x26FA or 0x26FD
        or 0x2705 or 0x270A or 0x270B or 0x2728 or 0x274C or 0x274E or (>= 0x2753 and <= 0x2755) or 0x2757 or (>= 0x2795 and <= 0x2797)
        or 0x27B0 or 0x27BF or 0x2B1B or 0x2B1C or 0x2B50 or 0x2B55;
}
