using Puppylog.App.Tui.Terminal;

namespace Puppylog.App.Tui;

/// <summary>Which line of a list is chosen, and which is the first on the screen.</summary>
sealed class ListPlace
{
    public int Selected { get; private set; }

    public int Top { get; private set; }

    /// <summary>False where the key does not move.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">Lines of the list.</param>
    /// <param name="page">Lines that are seen.</param>
    public bool Handle(Key key, int count, int page)
    {
        int? to = key.Kind switch
        {
            KeyKind.Up or KeyKind.WheelUp => Selected - 1,
            KeyKind.Down or KeyKind.WheelDown => Selected + 1,
            KeyKind.PageUp => Selected - page,
            KeyKind.PageDown => Selected + page,
            KeyKind.Home => 0,
            KeyKind.End => int.MaxValue,
            KeyKind.Text when key.Text == "k" => Selected - 1,
            KeyKind.Text when key.Text == "j" => Selected + 1,
            _ => null,
        };
        if (to is not { } place)
        {
            return false;
        }

        Selected = place;
        Fit(count, page);
        return true;
    }

    /// <summary>Keeps both within a list that may have changed, and the chosen line on the screen.</summary>
    public void Fit(int count, int page)
    {
        Selected = Math.Clamp(Selected, 0, Math.Max(0, count - 1));
        page = Math.Max(1, page);
        Top = Math.Clamp(Top, Math.Max(0, Selected - page + 1), Selected);
        Top = Math.Min(Top, Math.Max(0, count - page));
    }

    public void Select(int place) => Selected = Math.Max(0, place);
}
