using System.Text;

namespace Puppylog.App.Tui.Drawing;

/// <summary>One column of one line. A wide character takes two: the second is <see cref="IsTail"/>.</summary>
/// <param name="Rune">The character; 0 for the second half of a wide one.</param>
/// <param name="Marks">Combining marks over it; null for none.</param>
/// <param name="Style">How it looks.</param>
readonly record struct Cell(Rune Rune, string? Marks, Style Style)
{
    public static Cell Blank { get; } = new(new Rune(' '), null, default);

    public bool IsTail => Rune.Value == 0;
}
