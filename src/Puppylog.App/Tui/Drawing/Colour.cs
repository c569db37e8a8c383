namespace Puppylog.App.Tui.Drawing;

/// <summary>Colours of the terminal's own palette, so that they fit its background. The number is that of ECMA-48 + aixterm.</summary>
enum Colour : byte
{
    Default = 0,
    Red = 31,
    Green = 32,
    Yellow = 33,
    Blue = 34,
    Magenta = 35,
    Cyan = 36,
}
