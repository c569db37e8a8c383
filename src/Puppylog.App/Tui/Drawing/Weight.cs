namespace Puppylog.App.Tui.Drawing;

/// <summary>What can be seen without colour, too.</summary>
[Flags]
enum Weight : byte
{
    Plain = 0,
    Bold = 1,
    Dim = 2,
    Underlined = 4,
    Reversed = 8,
}
