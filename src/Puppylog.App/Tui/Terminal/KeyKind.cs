namespace Puppylog.App.Tui.Terminal;

enum KeyKind
{
    /// <summary>A key that is of no use here.</summary>
    Unknown,
    Text,
    Control,
    Enter,
    Escape,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Home,
    End,
    WheelUp,
    WheelDown,
    Click,
}
