namespace Puppylog.App.Tui.Terminal;

/// <summary>A key that was pressed, or a turn of the mouse's wheel.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Text">The character of <see cref="KeyKind.Text"/>, a letter of <see cref="KeyKind.Control"/>; else empty.</param>
/// <param name="Column">Where the mouse was clicked, from 0.</param>
/// <param name="Line">Where the mouse was clicked, from 0.</param>
readonly record struct Key(KeyKind Kind, string Text = "", int Column = 0, int Line = 0)
{
    public static Key Of(string text) => new(KeyKind.Text, text);

    /// <param name="letter">In lower case.</param>
    public static Key Control(char letter) => new(KeyKind.Control, letter.ToString());
}
